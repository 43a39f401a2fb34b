using Millrace.Kernel.Data;

namespace Millrace.Activities.Contracts;

/// <summary>
/// What may stay of a JSON object when the person it tells of is erased: numbers, truth values and, of words, only members whose values are ours (keys, classes, names of
/// things of the account) or too common to name anybody. A member that is not listed goes, so one that is added later is safe until somebody lists it.
/// </summary>
public static class Impersonal
{
    /// <summary>Members whose words stay.</summary>
    private static readonly string[] Words =
    [
        "class", "client", "country", "device", "field", "kind", "machine", "name", "network", "os", "source", "step", "suspect", "tag", "trigger", "type", "way",
    ];

    /// <param name="column">A jsonb column that is not null.</param>
    /// <returns>An expression.</returns>
    public static Sql Of(Sql column) => Sql.Of($"""
        (select coalesce(jsonb_object_agg(m.key, m.value), jsonb_build_object()) from jsonb_each({column}) m
         where jsonb_typeof(m.value) in ('number', 'boolean', 'null') or (jsonb_typeof(m.value) = 'string' and m.key = any ({Words})))
        """);
}
