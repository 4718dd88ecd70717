"""The GraphQL documents that staff send, the same for every host."""

LOGIN = """
mutation Login($email: String!, $password: String!) {
  tokenCreate(email: $email, password: $password) {
    token
    errors { field message }
  }
}
"""

PLUGIN = """
query Plugin($id: ID!) {
  plugin(id: $id) {
    channelConfigurations {
      active
      channel { id slug }
      configuration { name value type }
    }
  }
}
"""

UPDATE_PLUGIN = """
mutation UpdatePlugin($id: ID!, $channelId: ID!, $input: PluginUpdateInput!) {
  pluginUpdate(id: $id, channelId: $channelId, input: $input) {
    plugin { id }
    errors { field message code }
  }
}
"""

PAYMENT_RECORD = """
fragment PaymentRecord on Payment {
  id
  isActive
  chargeStatus
  pspReference
  total { amount currency }
  capturedAmount { amount currency }
  transactions { kind isSuccess token error amount { amount currency } }
}
"""

TRANSACTION_RECORD = """
fragment TransactionRecord on TransactionItem {
  id
  pspReference
  actions
  chargedAmount { amount currency }
  chargePendingAmount { amount currency }
  events { type pspReference message idempotencyKey amount { amount currency } }
}
"""

APP_PROBLEMS = """
{
  apps(first: 10) {
    edges { node { identifier problems { key message count isCritical } } }
  }
}
"""

ORDER_PAGE = """
query OrderPage($id: ID!) {
  order(id: $id) {
    payments { paymentMethodType creditCard { brand lastDigits } }
    transactions { name externalUrl pspReference events { type message } }
  }
}
"""
ORDER_PAGE_OF_STAND_IN = ORDER_PAGE.replace(" creditCard { brand lastDigits }", "")

PAYMENT = (
    PAYMENT_RECORD
    + """
query Payment($id: ID!) {
  payment(id: $id) { ...PaymentRecord order { id } }
}
"""
)

TRANSACTIONS_OF_CHECKOUT = (
    TRANSACTION_RECORD
    + """
query TransactionsOfCheckout($id: ID!, $checkoutIds: [ID!]!) {
  checkout(id: $id) { transactions { ...TransactionRecord } }
  orders(first: 10, filter: { checkoutIds: $checkoutIds }) {
    edges { node { transactions { ...TransactionRecord } } }
  }
}
"""
)

TRANSACTIONS_OF_ORDER = (
    TRANSACTION_RECORD
    + """
query TransactionsOfOrder($id: ID!) {
  order(id: $id) { transactions { ...TransactionRecord } }
}
"""
)

ORDER_RECORD = (
    PAYMENT_RECORD
    + TRANSACTION_RECORD
    + """
fragment OrderRecord on Order {
  id
  number
  status
  isPaid
  paymentStatus
  chargeStatus
  total { gross { amount currency } }
  totalCharged { amount currency }
  payments { ...PaymentRecord }
  transactions { ...TransactionRecord }
}
"""
)

ORDERS_OF_CHECKOUT = (
    ORDER_RECORD
    + """
query OrdersOfCheckout($checkoutIds: [ID!]!) {
  orders(first: 10, filter: { checkoutIds: $checkoutIds }) {
    edges { node { ...OrderRecord } }
  }
}
"""
)

ORDER = (
    ORDER_RECORD
    + """
query Order($id: ID!) {
  order(id: $id) { ...OrderRecord }
}
"""
)

REQUEST_ACTION = """
mutation RequestAction(
  $id: ID!, $action: TransactionActionEnum!, $amount: PositiveDecimal
) {
  transactionRequestAction(id: $id, actionType: $action, amount: $amount) {
    transaction { id }
    errors { field message code }
  }
}
"""

# What the dashboard's page of a refund sends; the stand-in has nothing of it.
GRANT_REFUND = """
mutation GrantRefund($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    grantedRefund { id }
    errors { field message code }
  }
}
"""

REQUEST_GRANTED_REFUND = """
mutation RequestGrantedRefund($id: ID!, $grantedRefundId: ID!) {
  transactionRequestRefundForGrantedRefund(
    id: $id, grantedRefundId: $grantedRefundId
  ) {
    transaction { chargedAmount { amount } refundedAmount { amount } }
    errors { field message code }
  }
}
"""

GRANTED_REFUNDS = """
query GrantedRefunds($id: ID!) {
  order(id: $id) { grantedRefunds { status amount { amount } } }
}
"""

REFUND_PAYMENT = """
mutation RefundPayment($paymentId: ID!, $amount: PositiveDecimal) {
  paymentRefund(paymentId: $paymentId, amount: $amount) {
    errors { field message code }
  }
}
"""

VOID_PAYMENT = """
mutation VoidPayment($paymentId: ID!) {
  paymentVoid(paymentId: $paymentId) { errors { field message code } }
}
"""

CAPTURE_PAYMENT = """
mutation CapturePayment($paymentId: ID!) {
  paymentCapture(paymentId: $paymentId) { errors { field message code } }
}
"""

CHECKOUT_SETTINGS = """
query CheckoutSettings {
  __type(name: "CheckoutSettingsInput") { inputFields { name } }
}
"""

UPDATE_CHANNEL = """
mutation UpdateChannel($id: ID!, $input: ChannelUpdateInput!) {
  channelUpdate(id: $id, input: $input) {
    channel { id }
    errors { field message code }
  }
}
"""

VARIANT_STOCKS = """
query VariantStocks($id: ID!, $channel: String!) {
  productVariant(id: $id, channel: $channel) {
    stocks { quantity warehouse { id } }
  }
}
"""

UPDATE_STOCKS = """
mutation UpdateStocks($variantId: ID!, $stocks: [StockInput!]!) {
  productVariantStocksUpdate(variantId: $variantId, stocks: $stocks) {
    errors { field message code }
  }
}
"""

PRODUCT_OF_VARIANT = """
query ProductOfVariant($id: ID!, $channel: String!) {
  productVariant(id: $id, channel: $channel) { product { id } }
}
"""

LIST_PRODUCT = """
mutation ListProduct($id: ID!, $input: ProductChannelListingUpdateInput!) {
  productChannelListingUpdate(id: $id, input: $input) {
    errors { field message code }
  }
}
"""

PRICE_VARIANT = """
mutation PriceVariant($id: ID!, $input: [ProductVariantChannelListingAddInput!]!) {
  productVariantChannelListingUpdate(id: $id, input: $input) {
    errors { field message code }
  }
}
"""

CREATE_VOUCHER = """
mutation CreateVoucher($input: VoucherInput!) {
  voucherCreate(input: $input) { voucher { id } errors { field message code } }
}
"""

UPDATE_VOUCHER = """
mutation UpdateVoucher($id: ID!, $input: VoucherInput!) {
  voucherUpdate(id: $id, input: $input) { errors { field message code } }
}
"""

LIST_VOUCHER = """
mutation ListVoucher($id: ID!, $input: VoucherChannelListingInput!) {
  voucherChannelListingUpdate(id: $id, input: $input) {
    errors { field message code }
  }
}
"""

CREATE_GIFT_CARD = """
mutation CreateGiftCard($input: GiftCardCreateInput!) {
  giftCardCreate(input: $input) {
    giftCard { id code } errors { field message code }
  }
}
"""

UPDATE_GIFT_CARD = """
mutation UpdateGiftCard($id: ID!, $input: GiftCardUpdateInput!) {
  giftCardUpdate(id: $id, input: $input) { errors { field message code } }
}
"""

DEACTIVATE_GIFT_CARD = """
mutation DeactivateGiftCard($id: ID!) {
  giftCardDeactivate(id: $id) { errors { field message code } }
}
"""

ACTIVATE_CHANNEL = """
mutation ActivateChannel($id: ID!) {
  channelActivate(id: $id) { errors { field message code } }
}
"""

DEACTIVATE_CHANNEL = """
mutation DeactivateChannel($id: ID!) {
  channelDeactivate(id: $id) { errors { field message code } }
}
"""

CANCEL_ORDER = """
mutation CancelOrder($id: ID!) {
  orderCancel(id: $id) { errors { field message code } }
}
"""
