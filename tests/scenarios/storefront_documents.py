"""The GraphQL documents that a storefront sends, the same for every host."""

CREATE_CHECKOUT = """
mutation CreateCheckout($input: CheckoutCreateInput!) {
  checkoutCreate(input: $input) {
    checkout {
      id
      totalPrice { gross { amount currency } }
    }
    errors { field message code }
  }
}
"""

CHECKOUT_TOTAL = """
query CheckoutTotal($id: ID!) {
  checkout(id: $id) { totalPrice { gross { amount currency } } }
}
"""

CHANGE_BILLING_ADDRESS = """
mutation ChangeBillingAddress(
  $id: ID!, $address: AddressInput!, $rules: CheckoutAddressValidationRules
) {
  checkoutBillingAddressUpdate(
    id: $id, billingAddress: $address, validationRules: $rules
  ) { errors { field message code } }
}
"""

CHANGE_SHIPPING_ADDRESS = """
mutation ChangeShippingAddress(
  $id: ID!, $address: AddressInput!, $rules: CheckoutAddressValidationRules
) {
  checkoutShippingAddressUpdate(
    id: $id, shippingAddress: $address, validationRules: $rules
  ) { errors { field message code } }
}
"""

SHIPPING_METHODS = """
query ShippingMethods($id: ID!) {
  checkout(id: $id) {
    isShippingRequired
    shippingMethods { id name price { amount currency } }
    deliveryMethod { ... on ShippingMethod { id name } }
  }
}
"""

CHOOSE_DELIVERY = """
mutation ChooseDelivery($id: ID!, $method: ID) {
  checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $method) {
    errors { field message code }
  }
}
"""

ADD_PROMO_CODE = """
mutation AddPromoCode($id: ID!, $code: String!) {
  checkoutAddPromoCode(id: $id, promoCode: $code) { errors { field message code } }
}
"""

REMOVE_PROMO_CODE = """
mutation RemovePromoCode($id: ID!, $code: String!) {
  checkoutRemovePromoCode(id: $id, promoCode: $code) { errors { field message code } }
}
"""

LINES = """
query Lines($id: ID!) {
  checkout(id: $id) { lines { id variant { id } quantity } }
}
"""

DELETE_LINE = """
mutation DeleteLine($id: ID!, $lineId: ID!) {
  checkoutLineDelete(id: $id, lineId: $lineId) { errors { field message code } }
}
"""

PAYMENT_GATEWAYS = """
query PaymentGateways($checkoutId: ID!) {
  checkout(id: $checkoutId) {
    availablePaymentGateways {
      id
      name
      currencies
      config { field value }
    }
  }
}
"""

CREATE_PAYMENT = """
mutation CreatePayment($checkoutId: ID!, $input: PaymentInput!) {
  checkoutPaymentCreate(id: $checkoutId, input: $input) {
    payment { id }
    errors { field message code }
  }
}
"""

COMPLETE_CHECKOUT = """
mutation CompleteCheckout($checkoutId: ID!, $paymentData: JSONString) {
  checkoutComplete(id: $checkoutId, paymentData: $paymentData) {
    order { id number }
    confirmationNeeded
    confirmationData
    errors { field message code }
  }
}
"""

INITIALIZE_GATEWAY = """
mutation InitializeGateway($id: ID!, $gateways: [PaymentGatewayToInitialize!]) {
  paymentGatewayInitialize(id: $id, paymentGateways: $gateways) {
    gatewayConfigs {
      id
      data
      errors { field message code }
    }
    errors { field message code }
  }
}
"""

INITIALIZE_TRANSACTION = """
mutation InitializeTransaction(
  $id: ID!
  $amount: PositiveDecimal
  $gateway: PaymentGatewayToInitialize!
  $idempotencyKey: String!
) {
  transactionInitialize(
    id: $id
    amount: $amount
    paymentGateway: $gateway
    idempotencyKey: $idempotencyKey
  ) {
    transaction { id }
    transactionEvent { type message pspReference }
    data
    errors { field message code }
  }
}
"""

PROCESS_TRANSACTION = """
mutation ProcessTransaction($id: ID!, $data: JSON) {
  transactionProcess(id: $id, data: $data) {
    transaction { id }
    transactionEvent { type message pspReference }
    data
    errors { field message code }
  }
}
"""

CHANGE_QUANTITY = """
mutation ChangeQuantity($checkoutId: ID!, $lines: [CheckoutLineUpdateInput!]!) {
  checkoutLinesUpdate(id: $checkoutId, lines: $lines) {
    checkout { totalPrice { gross { amount currency } } }
    errors { field message code }
  }
}
"""
