import { CardPayment } from "./CardPayment";

/** As in Saleor's own storefront: the checkout's id, or an order's, is in the address. */
export default async function CheckoutPage({ searchParams }) {
  const { checkout, order } = await searchParams;
  return (
    <main>
      <h1>Checkout</h1>
      <CardPayment checkoutId={checkout} orderId={order} graphqlUrl={process.env.SALEOR_API_URL} />
    </main>
  );
}
