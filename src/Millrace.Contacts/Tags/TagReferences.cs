using Millrace.Contacts.References;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

[ReferenceSource("tag", Title = "Tag", CanCreate = true)]
internal sealed class TagReferences(Tagging tagging) : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) =>
        NamedRows.SearchAsync(work, Rows(accountId), text, limit, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        NamedRows.ByIdsAsync(work, Rows(accountId), ids, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        NamedRows.ByNamesAsync(work, Rows(accountId), names, cancellationToken);

    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, stored) = (await tagging.FindOrCreateAsync(work.Transaction, accountId, [name], "/name", cancellationToken))[0];
        return new Reference(id, stored);
    }

    private static Sql Rows(long accountId) => Sql.Of($"select id, name, null::text from contacts.tag where account_id = {accountId}");
}
