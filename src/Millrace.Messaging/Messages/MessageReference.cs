using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Messages;

/// <summary>Messages by name. Names of steps' messages are their subjects, so of equal ones the newest counts.</summary>
[ReferenceSource("message", Title = "Message")]
internal sealed class MessageReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, case when automation_id is not null then 'in an automation' end from messaging.message
        where account_id = {accountId} and not is_test and ({text} is null or strpos(lower(name), lower({text})) > 0)
        order by id desc limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, name, null::text from messaging.message where account_id = {accountId} and not is_test and id = any ({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken)
    {
        var wanted = Array.ConvertAll(names, n => n.ToLowerInvariant());
        return Sql.Of($"""
            select distinct on (lower(name)) id, name, null::text from messaging.message
            where account_id = {accountId} and not is_test and lower(name) = any ({wanted}) order by lower(name), id desc
            """).ListAsync<Reference>(work, cancellationToken);
    }
}
