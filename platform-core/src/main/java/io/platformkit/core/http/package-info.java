/**
 * HTTP without a server: a module offers an {@link io.platformkit.core.http.HttpEndpoint}, a host
 * mounts it on whichever server it has. A {@link io.platformkit.core.http.Request} comes in, a
 * {@link io.platformkit.core.http.Response} or a {@link io.platformkit.core.http.Problem} goes out.
 *
 * <pre>{@code
 * var routes =
 *     Routes.builder()
 *         .get("/hello/{name}", request -> Response.text("Hello " + request.pathVariable("name")))
 *         .mount("/console", StaticFiles.builder("META-INF/console").build())
 *         .build();
 * try (var server = JdkHttpServer.builder(routes).build()) {
 *   server.start();
 *   System.out.println(server.uri());
 *   …
 * }
 * }</pre>
 *
 * <p>{@link io.platformkit.core.http.Routes} put endpoints under paths, {@link
 * io.platformkit.core.http.StaticFiles} serve a page, {@link
 * io.platformkit.core.http.JdkHttpServer} is the embedded server. Other servers take {@link
 * io.platformkit.core.http.HttpEndpoint#guarded guarded} endpoints and pass {@code
 * HttpEndpointContract}.
 *
 * <p>Not here: who the caller is ({@code core.access}), TLS, HTTP/2, sessions, uploads in parts.
 */
@NullMarked
package io.platformkit.core.http;

import org.jspecify.annotations.NullMarked;
