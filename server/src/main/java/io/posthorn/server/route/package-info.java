/** What a broker tells NameServers about itself and its topics: values and bodies that both ends share. */
package io.posthorn.server.route;
