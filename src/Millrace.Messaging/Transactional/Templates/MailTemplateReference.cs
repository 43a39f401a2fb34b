using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Transactional.Templates;

/// <summary>Templates of transactional mail as server and template: "Shop / Receipt". Layouts are none.</summary>
[ReferenceSource("mail_template", Title = "Transactional template")]
internal sealed class MailTemplateReference : ReferenceSource
{
    private static readonly Sql Named = Sql.Of($"""
        select t.id, v.name || ' / ' || t.name as name, t.alias as hint, t.account_id from messaging.mail_template t
        join messaging.mail_server v on v.account_id = t.account_id and v.id = t.server_id where not t.is_layout and v.archived_at is null
        """);

    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, hint from ({Named}) n where account_id = {accountId} and ({text} is null or strpos(lower(name), lower({text})) > 0) order by name, id limit {limit}
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
