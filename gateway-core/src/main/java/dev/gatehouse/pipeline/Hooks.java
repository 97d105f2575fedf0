package dev.gatehouse.pipeline;

import dev.gatehouse.exchange.CompletionHook;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.exchange.ResponseHook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the steps of one run want to be told; each is told at most once. Event loop of the exchange. */
final class Hooks {
    private @Nullable List<ResponseHook> responseHooks;
    private @Nullable List<CompletionHook> completionHooks;

    void onResponse(ResponseHook hook) {
        if (responseHooks == null) {
            responseHooks = new ArrayList<>(4);
        }
        responseHooks.add(hook);
    }

    void onComplete(CompletionHook hook) {
        if (completionHooks == null) {
            completionHooks = new ArrayList<>(2);
        }
        completionHooks.add(hook);
    }

    /** Whether anybody wants to see the response. */
    boolean awaitResponse() {
        return responseHooks != null;
    }

    /** Last registered first. The first that throws ends it. */
    void answered(ResponseHead response) {
        List<ResponseHook> hooks = responseHooks;
        if (hooks != null) {
            responseHooks = null;
            for (int i = hooks.size() - 1; i >= 0; i--) {
                hooks.get(i).onResponse(response);
            }
        }
    }

    /**
     * The exchange is over.
     *
     * @throws RuntimeException what a hook threw, after all of them ran
     */
    void completed(int status) {
        List<CompletionHook> hooks = completionHooks;
        completionHooks = null;
        RuntimeException failure = null;
        for (CompletionHook hook : hooks == null ? List.<CompletionHook>of() : hooks) {
            try {
                hook.onComplete(status);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
