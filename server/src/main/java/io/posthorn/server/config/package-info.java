/** One record per concern, with its settings, their units, bounds and defaults. */
package io.posthorn.server.config;
