/** Clock and timer ports with their system implementations: the only place where a clock is read. */
package io.posthorn.time;
