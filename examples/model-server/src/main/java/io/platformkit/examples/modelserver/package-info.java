/**
 * Serves the models of a folder, and makes three on its first start. {@link
 * io.platformkit.examples.modelserver.FolderServer} wires it: a registry in a SQLite file, a model
 * server that follows it, the protocols over HTTP, and a look at the folder every two seconds.
 */
@NullMarked
package io.platformkit.examples.modelserver;

import org.jspecify.annotations.NullMarked;
