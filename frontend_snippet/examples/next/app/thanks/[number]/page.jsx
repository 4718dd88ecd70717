export default async function ThanksPage({ params }) {
  const { number } = await params;
  return <h1>Thank you for order {number}</h1>;
}
