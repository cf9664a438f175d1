/**
 * An operations console in one process: samples the machine that it runs on, keeps the samples in
 * memory, and serves live and historical charts to a browser.
 *
 * <p>Read {@link io.platformkit.examples.opsconsole.OpsConsole} first: it wires everything.
 */
@NullMarked
package io.platformkit.examples.opsconsole;

import org.jspecify.annotations.NullMarked;
