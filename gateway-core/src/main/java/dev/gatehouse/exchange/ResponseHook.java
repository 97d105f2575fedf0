package dev.gatehouse.exchange;

/** Sees every response of its exchange, the gateway's own replies included, before the head is sent. */
@FunctionalInterface
public interface ResponseHook {
    /** Called on the exchange's event loop; must not block. */
    void onResponse(ResponseHead response);
}
