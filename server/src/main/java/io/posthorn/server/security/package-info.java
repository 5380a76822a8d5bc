/** Who may log in, and how that is proved. */
package io.posthorn.server.security;
