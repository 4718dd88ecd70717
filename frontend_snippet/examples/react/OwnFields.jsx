import { useDgsPayCheckout } from "./useDgsPayCheckout.js";

/**
 * A store's own fields on the hook: every step in a few plain inputs.
 *
 * @param {{ checkoutId?: string, orderId?: string, graphqlUrl: string }} props
 */
export function OwnFields(props) {
  const { step, isBusy, error, answer } = useDgsPayCheckout(props);
  // A step that is asked for again says why.
  const problem = error?.message ?? (step && "message" in step && step.message);

  return (
    <section aria-busy={isBusy}>
      {problem && <p role="alert">{problem}</p>}
      {step?.type === "card" && (
        <Question
          fields={{ number: "Card number", month: "Month", year: "Year", cvv: "Security code" }}
          button="Pay"
          onAnswer={({ number, month, year, cvv }) =>
            answer((checkout, options) =>
              checkout.payWithCard({ number, expiryMonth: month, expiryYear: year, cvv }, options),
            )
          }
        />
      )}
      {step?.type === "pin" && (
        <Question
          fields={{ pin: "PIN" }}
          button="Confirm"
          onAnswer={({ pin }) => answer((checkout, options) => checkout.answerPin(pin, options))}
        />
      )}
      {step?.type === "otp" && (
        <Question
          fields={{ otp: "One-time code" }}
          button="Confirm"
          onAnswer={({ otp }) => answer((checkout, options) => checkout.answerOtp(otp, options))}
        />
      )}
      {step?.type === "avs" && (
        <Question
          fields={{ line1: "Street and number", country: "Country (two letters)" }}
          button="Confirm"
          onAnswer={({ line1, country }) =>
            answer((checkout, options) => checkout.answerAddress({ line1, country }, options))
          }
        />
      )}
      {step?.type === "redirect" && <a href={step.url}>Go to your bank</a>}
      {step?.type === "wait" && <p role="status">Your bank is checking…</p>}
      {step?.type === "order" && (
        <h2>
          Order {step.order.number} is {step.order.isPaid ? "paid" : "being checked by your bank"}
        </h2>
      )}
    </section>
  );
}

/**
 * @param {object} props
 * @param {Record<string, string>} props.fields Labels by name.
 * @param {string} props.button
 * @param {(answers: any) => void} props.onAnswer
 */
function Question({ fields, button, onAnswer }) {
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(Object.fromEntries(new FormData(event.currentTarget)));
      }}
    >
      {Object.entries(fields).map(([name, label]) => (
        <label key={name}>
          {label} <input name={name} required />
        </label>
      ))}
      <button>{button}</button>
    </form>
  );
}
