package io.posthorn.jms.naming;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.NameParser;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;

/**
 * A flat, read-only directory. Any thread may read; what would change it throws OperationNotSupportedException. Closing does nothing, so
 * objects and contexts stay usable.
 */
final class PropertiesContext implements Context {

    private final Map<String, Object> bindings;
    private final Hashtable<Object, Object> environment = new Hashtable<>();

    PropertiesContext(Map<String, Object> bindings, Hashtable<?, ?> environment) {
        this.bindings = Map.copyOf(bindings);
        if (environment != null) {
            this.environment.putAll(environment);
        }
    }

    @Override
    public Object lookup(Name name) throws NamingException {
        return lookup(name.toString());
    }

    /** The object of this name; the empty name gives this context. */
    @Override
    public Object lookup(String name) throws NamingException {
        if (name.isEmpty()) {
            return this;
        }
        Object bound = bindings.get(name);
        if (bound == null) {
            throw new NameNotFoundException("no '" + name + "' in the JNDI properties; known are "
                    + bindings.keySet().stream().sorted().toList());
        }
        return bound;
    }

    @Override
    public Object lookupLink(Name name) throws NamingException {
        return lookup(name);
    }

    @Override
    public Object lookupLink(String name) throws NamingException {
        return lookup(name);
    }

    @Override
    public NamingEnumeration<NameClassPair> list(Name name) throws NamingException {
        return list(name.toString());
    }

    @Override
    public NamingEnumeration<NameClassPair> list(String name) throws NamingException {
        checkRoot(name);
        List<NameClassPair> pairs = new ArrayList<>();
        bindings.forEach((key, value) ->
                pairs.add(new NameClassPair(key, value.getClass().getName())));
        return new Listing<>(pairs);
    }

    @Override
    public NamingEnumeration<Binding> listBindings(Name name) throws NamingException {
        return listBindings(name.toString());
    }

    @Override
    public NamingEnumeration<Binding> listBindings(String name) throws NamingException {
        checkRoot(name);
        List<Binding> pairs = new ArrayList<>();
        bindings.forEach((key, value) -> pairs.add(new Binding(key, value)));
        return new Listing<>(pairs);
    }

    @Override
    public NameParser getNameParser(Name name) {
        return CompositeName::new;
    }

    @Override
    public NameParser getNameParser(String name) {
        return CompositeName::new;
    }

    @Override
    public Name composeName(Name name, Name prefix) throws NamingException {
        return ((Name) prefix.clone()).addAll(name);
    }

    @Override
    public String composeName(String name, String prefix) throws NamingException {
        return composeName(new CompositeName(name), new CompositeName(prefix)).toString();
    }

    @Override
    public Object addToEnvironment(String key, Object value) {
        return environment.put(key, value);
    }

    @Override
    public Object removeFromEnvironment(String key) {
        return environment.remove(key);
    }

    /** A copy. */
    @Override
    public Hashtable<?, ?> getEnvironment() {
        return new Hashtable<>(environment);
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    @Override
    public String getNameInNamespace() {
        return "";
    }

    @Override
    public void bind(Name name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void bind(String name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rebind(Name name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rebind(String name, Object object) throws NamingException {
        throw readOnly();
    }

    @Override
    public void unbind(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void unbind(String name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rename(Name from, Name to) throws NamingException {
        throw readOnly();
    }

    @Override
    public void rename(String from, String to) throws NamingException {
        throw readOnly();
    }

    @Override
    public void destroySubcontext(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public void destroySubcontext(String name) throws NamingException {
        throw readOnly();
    }

    @Override
    public Context createSubcontext(Name name) throws NamingException {
        throw readOnly();
    }

    @Override
    public Context createSubcontext(String name) throws NamingException {
        throw readOnly();
    }

    private static void checkRoot(String name) throws NamingException {
        if (!name.isEmpty()) {
            throw new NameNotFoundException("'" + name + "' is no context; this one is flat");
        }
    }

    private static NamingException readOnly() {
        return new OperationNotSupportedException("this context is read-only; change the JNDI properties instead");
    }

    /** A finished list as JNDI wants it. */
    private static final class Listing<T> implements NamingEnumeration<T> {

        private final Enumeration<T> elements;

        Listing(List<T> elements) {
            this.elements = Collections.enumeration(elements);
        }

        @Override
        public T next() {
            return elements.nextElement();
        }

        @Override
        public boolean hasMore() {
            return elements.hasMoreElements();
        }

        @Override
        public boolean hasMoreElements() {
            return elements.hasMoreElements();
        }

        @Override
        public T nextElement() {
            return elements.nextElement();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
