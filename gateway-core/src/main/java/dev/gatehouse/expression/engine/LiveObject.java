package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ObjectKeys;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * A script object whose properties are read from somewhere else at each access; what is not live lies in the object
 * itself, as in any script object.
 */
abstract class LiveObject extends ScriptableObject {
    private static final long serialVersionUID = 1L;

    LiveObject(Scriptable scope, Scriptable prototype) {
        super(scope, prototype);
    }

    /** The live value of {@code name}, or {@link Scriptable#NOT_FOUND}. */
    abstract @Nullable Object live(String name);

    /** The names of all live properties. */
    abstract Collection<String> liveNames();

    @Override
    public String getClassName() {
        return "Object";
    }

    @Override
    public @Nullable Object get(String name, Scriptable start) {
        Object value = live(name);
        return NOT_FOUND.equals(value) ? super.get(name, start) : value;
    }

    @Override
    public @Nullable Object get(int index, Scriptable start) {
        return get(Integer.toString(index), start);
    }

    @Override
    public boolean has(String name, Scriptable start) {
        return !NOT_FOUND.equals(live(name)) || super.has(name, start);
    }

    @Override
    public boolean has(int index, Scriptable start) {
        return has(Integer.toString(index), start);
    }

    @Override
    public void put(int index, Scriptable start, Object value) {
        put(Integer.toString(index), start, value);
    }

    @Override
    public void delete(int index) {
        delete(Integer.toString(index));
    }

    @Override
    public Object[] getIds() {
        Collection<String> names = liveNames();
        Object[] own = super.getIds();
        Object[] ids = new Object[names.size() + own.length];
        int at = 0;
        for (String name : names) {
            int index = ObjectKeys.index(name);
            ids[at++] = index < 0 ? name : (Object) index;
        }
        System.arraycopy(own, 0, ids, at, own.length);
        return ids;
    }

    @Override
    public Object[] getAllIds() {
        return getIds();
    }

    @Override
    public int getAttributes(String name) {
        return NOT_FOUND.equals(live(name)) ? super.getAttributes(name) : EMPTY;
    }

    @Override
    protected @Nullable DescriptorInfo getOwnPropertyDescriptor(Context context, Object id) {
        Object value = id instanceof String || id instanceof Integer ? live(id.toString()) : NOT_FOUND;
        return NOT_FOUND.equals(value)
                ? super.getOwnPropertyDescriptor(context, id)
                : new DescriptorInfo(true, true, true, value);
    }
}
