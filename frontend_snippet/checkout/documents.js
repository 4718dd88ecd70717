/** The GraphQL documents, as strings: any client can send them. */

const order = /* GraphQL */ `
  fragment DgsPayOrder on Order {
    id
    number
    isPaid
    total {
      gross {
        amount
        currency
      }
    }
  }
`;

export const CHECKOUT = /* GraphQL */ `
  query DgsPayCheckout($id: ID!) {
    checkout(id: $id) {
      id
      totalPrice {
        gross {
          amount
          currency
        }
      }
      billingAddress {
        firstName
        lastName
        streetAddress1
        streetAddress2
        city
        countryArea
        postalCode
        country {
          code
        }
      }
      availablePaymentGateways {
        id
        config {
          field
          value
        }
      }
    }
  }
`;

export const CREATE_PAYMENT = /* GraphQL */ `
  mutation DgsPayCreatePayment($id: ID!, $input: PaymentInput!) {
    checkoutPaymentCreate(id: $id, input: $input) {
      payment {
        id
      }
      errors {
        field
        message
        code
      }
    }
  }
`;

export const COMPLETE_CHECKOUT = /* GraphQL */ `
  mutation DgsPayCompleteCheckout($id: ID!, $paymentData: JSONString!) {
    checkoutComplete(id: $id, paymentData: $paymentData) {
      order {
        ...DgsPayOrder
      }
      confirmationNeeded
      confirmationData
      errors {
        field
        message
        code
      }
    }
  }
  ${order}
`;
