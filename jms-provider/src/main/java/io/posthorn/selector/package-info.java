/** Message selectors (Jakarta Messaging 3.1, 3.8): text, syntax tree, and evaluation over a one-method property source. */
package io.posthorn.selector;
