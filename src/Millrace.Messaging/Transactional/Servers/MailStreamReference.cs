using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Transactional.Servers;

/// <summary>Message streams as server and stream: "Shop / Transactional".</summary>
[ReferenceSource("mail_stream", Title = "Message stream")]
internal sealed class MailStreamReference : ReferenceSource
{
    private static readonly Sql Named = Sql.Of($"""
        select s.id, v.name || ' / ' || s.name as name, s.key as hint, s.account_id from messaging.mail_stream s
        join messaging.mail_server v on v.account_id = s.account_id and v.id = s.server_id where s.kind <> 'inbound'
        """);

    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, hint from ({Named}) n where account_id = {accountId} and ({text} is null or strpos(lower(name), lower({text})) > 0) order by id limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, name, null::text from ({Named}) n where account_id = {accountId} and id = any ({ids})").ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken)
    {
        var wanted = Array.ConvertAll(names, n => n.ToLowerInvariant());
        return Sql.Of($"""
            select distinct on (lower(name)) id, name, null::text from ({Named}) n where account_id = {accountId} and lower(name) = any ({wanted}) order by lower(name), id
            """).ListAsync<Reference>(work, cancellationToken);
    }
}
