package dev.gatehouse.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;

/** Finds the resource for a method and an exact path. Filled at start, then only read. */
public final class Router implements Resource {
    private final Map<String, Map<HttpMethod, Resource>> paths = new HashMap<>();

    /** Adds a resource; GET also answers HEAD. Returns this router. */
    public Router on(HttpMethod method, String path, Resource resource) {
        paths.computeIfAbsent(path, p -> new HashMap<>()).put(method, resource);
        return this;
    }

    /** Calls the resource; 404 for an unknown path, 405 for another method of a known one. */
    @Override
    public void answer(Call call) {
        Map<HttpMethod, Resource> methods = paths.get(call.path());
        if (methods == null) {
            call.refuse(404, "Not Found");
            return;
        }
        HttpMethod method = call.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : call.method();
        Resource resource = methods.get(method);
        if (resource == null) {
            call.refuse(405, "Method Not Allowed");
        } else {
            resource.answer(call);
        }
    }
}
