/**
 * The rest of a shop, as small as it gets: it makes a checkout for one product and hands
 * it to the card form. Where the shop's API is, config.json or the page's own query
 * says: graphqlUrl, channel, variantId; and api, to pay by that one of Saleor's APIs. An
 * order that is in the query is paid in place of a checkout.
 */

const CREATE_CHECKOUT = /* GraphQL */ `
  mutation ShopCreateCheckout($input: CheckoutCreateInput!) {
    checkoutCreate(input: $input) {
      checkout {
        id
      }
      errors {
        message
      }
    }
  }
`;

const READ_CHECKOUT = /* GraphQL */ `
  query ShopCheckout($id: ID!) {
    checkout(id: $id) {
      totalPrice {
        gross {
          amount
          currency
        }
      }
    }
  }
`;

const READ_ORDER = /* GraphQL */ `
  query ShopOrder($id: ID!) {
    order(id: $id) {
      total {
        gross {
          amount
          currency
        }
      }
    }
  }
`;

const CUSTOMER = {
  firstName: "Aline",
  lastName: "Uwase",
  streetAddress1: "KG 7 Avenue 12",
  city: "Kigali",
  country: "RW",
  phone: "+250788123456",
};

const form = document.querySelector("dgspay-card-form");
const query = Object.fromEntries(new URLSearchParams(location.search));
const config = { ...(await (await fetch("/config.json")).json()), ...query };

document.documentElement.lang = config.lang ?? navigator.language;
document.querySelector("#again").addEventListener("click", () => {
  sessionStorage.removeItem("checkout");
  location.assign(location.pathname);
});
form.addEventListener("dgspay-order", () => {
  document.querySelector("#again").hidden = false;
});

try {
  if (config.api) form.setAttribute("api", config.api);
  form.setAttribute("graphql-url", config.graphqlUrl);
  if (query.order) await openOrder(query.order);
  else await openCheckout();
} catch (error) {
  document.querySelector("#problem").textContent = `The shop is closed: ${error.message}`;
}

async function openCheckout() {
  // The bank may send the customer back to another browser, which remembers nothing.
  const known = query.checkout ?? sessionStorage.getItem("checkout");
  const checkoutId = known ?? (await createCheckout());
  sessionStorage.setItem("checkout", checkoutId);
  const { checkout } = await execute(READ_CHECKOUT, { id: checkoutId });
  if (checkout) showTotal(checkout.totalPrice.gross);
  form.setAttribute("checkout-id", checkoutId);
}

async function openOrder(id) {
  const { order } = await execute(READ_ORDER, { id });
  showTotal(order.total.gross);
  form.setAttribute("order-id", id);
}

async function createCheckout() {
  const input = {
    channel: config.channel,
    email: `demo-${crypto.randomUUID().slice(0, 8)}@example.com`,
    lines: [{ variantId: config.variantId, quantity: 1 }],
    billingAddress: CUSTOMER,
  };
  const { checkoutCreate } = await execute(CREATE_CHECKOUT, { input });
  const [error] = checkoutCreate.errors;
  if (error) throw new Error(error.message);
  return checkoutCreate.checkout.id;
}

function showTotal({ amount, currency }) {
  const language = document.documentElement.lang;
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  document.querySelector("#total").textContent = format.format(amount);
}

async function execute(query, variables) {
  const response = await fetch(config.graphqlUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}
