/** What administrators set: the client's options as bean properties, and the URL that comes of them. */
package io.posthorn.ra.settings;
