/** The operator's commands, one class per subcommand. */
package io.posthorn.server.cli;
