/** The GraphQL documents, as strings: any client can send them. */

export const CHECKOUT = /* GraphQL */ `
  query DgsPayCheckout($id: ID!) {
    checkout(id: $id) {
      totalPrice {
        gross {
          amount
          currency
        }
      }
      billingAddress {
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
      errors {
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
      confirmationNeeded
      confirmationData
      errors {
        message
        code
      }
    }
  }
`;
