using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>A source of references that is one query: it names its rows, and searching, ids and names come by themselves.</summary>
public abstract class NamedRows : ReferenceSource
{
    /// <summary>A select of <c>id, name, detail</c> over one account's rows.</summary>
    protected abstract Sql Rows(long accountId);

    public sealed override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken)
    {
        var wanted = LikePattern.Escape(text ?? string.Empty);
        return Sql.Of($"""
            select r.id, r.name, r.detail from ({Rows(accountId)}) r (id, name, detail)
            where r.name ilike {"%" + wanted + "%"}
            order by lower(r.name) <> lower({text ?? string.Empty}), not r.name ilike {wanted + "%"}, lower(r.name), r.id
            limit {limit}
            """).ListAsync<Reference>(work, cancellationToken);
    }

    public sealed override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select r.id, r.name, r.detail from ({Rows(accountId)}) r (id, name, detail) where r.id = any({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public sealed override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select r.id, r.name, r.detail from ({Rows(accountId)}) r (id, name, detail)
            where lower(r.name) = any(select lower(trim(n)) from unnest({names}) n)
            """).ListAsync<Reference>(work, cancellationToken);
}
