/** The application that the tests deploy: the same archive on every application server. */
package io.posthorn.appserver.app;
