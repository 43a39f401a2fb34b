using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Accounts.Users;

[ReferenceSource("user", Title = "User")]
internal sealed class UserReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, email, nullif(trim(first_name || ' ' || last_name), '') from accounts.app_user
        where account_id = {accountId} and disabled_at is null
          and ({text} is null or strpos(lower(first_name || ' ' || last_name || ' ' || email), lower({text})) > 0)
        order by email limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, email, nullif(trim(first_name || ' ' || last_name), '') from accounts.app_user where account_id = {accountId} and id = any ({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select id, email, null::text from accounts.app_user
            where account_id = {accountId} and email = any ({names.Select(n => n.ToLowerInvariant()).ToArray()})
            """).ListAsync<Reference>(work, cancellationToken);
}
