import { CardPayment } from "./CardPayment";

/** As in Saleor's own storefront: the checkout's id is in the address. */
export default async function CheckoutPage({ searchParams }) {
  const { checkout } = await searchParams;
  return (
    <main>
      <h1>Checkout</h1>
      <CardPayment checkoutId={checkout} graphqlUrl={process.env.SALEOR_API_URL} />
    </main>
  );
}
