using Millrace.Contacts.References;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Fields;

/// <summary>Custom fields, and the standard ones under their negative ids. A new one is a text field.</summary>
[ReferenceSource("field", Title = "Field", CanCreate = true)]
internal sealed class FieldReferences : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) =>
        NamedRows.SearchAsync(work, Rows(accountId), text, limit, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        NamedRows.ByIdsAsync(work, Rows(accountId), ids, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        NamedRows.ByNamesAsync(work, Rows(accountId), names, cancellationToken);

    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await FieldCreation.InsertAsync(work.Transaction, accountId, new NewField(name, FieldType.Text), now, cancellationToken), name.Trim(), "text");

    private static Sql Rows(long accountId) => Sql.Of($"""
        select id, name, type from contacts.field where account_id = {accountId}
        union all
        select * from unnest({StandardField.All.Select(f => f.Id).ToArray()}, {StandardField.All.Select(f => f.Name).ToArray()},
                             {StandardField.All.Select(_ => "standard").ToArray()})
        """);
}
