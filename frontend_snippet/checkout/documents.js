/** The GraphQL documents, as strings: any client can send them. */

const ERRORS = /* GraphQL */ `
  errors {
    message
    code
  }
`;

const GROSS = /* GraphQL */ `
  {
    gross {
      amount
      currency
    }
  }
`;

const BILLING_ADDRESS = /* GraphQL */ `
  billingAddress {
    streetAddress1
    streetAddress2
    city
    countryArea
    postalCode
    country {
      code
    }
    phone
  }
`;

const BALANCE = /* GraphQL */ `
  totalBalance {
    amount
  }
`;

const ORDER_FIELDS = /* GraphQL */ `
  id
  number
  isPaid
  total ${GROSS}
`;

const SESSION = /* GraphQL */ `
  {
    transaction {
      id
    }
    transactionEvent {
      type
      message
    }
    data
    ${ERRORS}
  }
`;

/** @param {string} fields */
const checkoutWith = (fields) => /* GraphQL */ `
  query DgsPayCheckout($id: ID!) {
    checkout(id: $id) {
      totalPrice ${GROSS}
      ${BILLING_ADDRESS}
      ${fields}
    }
  }
`;

export const CHECKOUT = checkoutWith(BALANCE);

export const CHECKOUT_WITH_GATEWAYS = checkoutWith(/* GraphQL */ `
  availablePaymentGateways {
    id
    config {
      field
      value
    }
  }
`);

const PERSON = /* GraphQL */ `
  {
    firstName
    lastName
    companyName
    phone
  }
`;

export const WHAT_IS_MISSING = /* GraphQL */ `
  query DgsPayWhatIsMissing($id: ID!) {
    checkout(id: $id) {
      email
      isShippingRequired
      totalPrice ${GROSS}
      lines {
        id
      }
      billingAddress ${PERSON}
      shippingAddress ${PERSON}
      deliveryMethod {
        __typename
      }
      giftCards {
        isActive
        expiryDate
      }
      problems {
        __typename
      }
    }
  }
`;

export const ORDER = /* GraphQL */ `
  query DgsPayOrder($id: ID!) {
    order(id: $id) {
      status
      ${ORDER_FIELDS}
      ${BILLING_ADDRESS}
      ${BALANCE}
    }
  }
`;

export const INITIALIZE_GATEWAY = /* GraphQL */ `
  mutation DgsPayInitializeGateway($id: ID!, $gateway: PaymentGatewayToInitialize!) {
    paymentGatewayInitialize(id: $id, paymentGateways: [$gateway]) {
      gatewayConfigs {
        data
        errors {
          code
        }
      }
    }
  }
`;

export const INITIALIZE_TRANSACTION = /* GraphQL */ `
  mutation DgsPayInitializeTransaction(
    $id: ID!
    $amount: PositiveDecimal!
    $gateway: PaymentGatewayToInitialize!
    $idempotencyKey: String!
  ) {
    transactionInitialize(
      id: $id
      amount: $amount
      paymentGateway: $gateway
      idempotencyKey: $idempotencyKey
    ) ${SESSION}
  }
`;

export const PROCESS_TRANSACTION = /* GraphQL */ `
  mutation DgsPayProcessTransaction($id: ID!, $data: JSON!) {
    transactionProcess(id: $id, data: $data) ${SESSION}
  }
`;

export const CREATE_PAYMENT = /* GraphQL */ `
  mutation DgsPayCreatePayment($id: ID!, $input: PaymentInput!) {
    checkoutPaymentCreate(id: $id, input: $input) {
      ${ERRORS}
    }
  }
`;

export const COMPLETE_CHECKOUT = /* GraphQL */ `
  mutation DgsPayCompleteCheckout($id: ID!, $paymentData: JSONString) {
    checkoutComplete(id: $id, paymentData: $paymentData) {
      order {
        ${ORDER_FIELDS}
      }
      confirmationNeeded
      confirmationData
      ${ERRORS}
    }
  }
`;
