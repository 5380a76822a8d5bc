/** An application whose context is injected under the name that the factory has in the server. */
package io.posthorn.appserver.injected;
