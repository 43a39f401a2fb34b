using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.References;

/// <summary>The three questions a source of references answers, over a query that yields <c>id, name, detail</c> of one account's rows.</summary>
internal static class NamedRows
{
    public static Task<List<Reference>> SearchAsync(
        AccountTransaction work, Sql rows, string? text, int limit, CancellationToken cancellationToken)
    {
        var pattern = "%" + LikePattern.Escape(text ?? string.Empty) + "%";
        return Sql.Of($"""
            select r.id, r.name, r.detail from ({rows}) r (id, name, detail)
            where r.name ilike {pattern}
            order by lower(r.name) <> lower({text ?? string.Empty}), not r.name ilike {LikePattern.Escape(text ?? string.Empty) + "%"}, lower(r.name), r.id
            limit {limit}
            """).ListAsync<Reference>(work, cancellationToken);
    }

    public static Task<List<Reference>> ByIdsAsync(AccountTransaction work, Sql rows, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select r.id, r.name, r.detail from ({rows}) r (id, name, detail) where r.id = any({ids})").ListAsync<Reference>(work, cancellationToken);

    public static Task<List<Reference>> ByNamesAsync(AccountTransaction work, Sql rows, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select r.id, r.name, r.detail from ({rows}) r (id, name, detail)
            where lower(r.name) = any(select lower(trim(n)) from unnest({names}) n)
            """).ListAsync<Reference>(work, cancellationToken);
}
