using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Fields;

/// <summary>Custom fields, and the standard ones under their negative ids. A new one is a text field.</summary>
[ReferenceSource("field", Title = "Field", CanCreate = true)]
internal sealed class FieldReferences : NamedRows
{
    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await FieldCreation.InsertAsync(work.Transaction, accountId, new NewField(name, FieldType.Text), now, cancellationToken), name.Trim(), "text");

    protected override Sql Rows(long accountId) => Sql.Of($"""
        select id, name, type from contacts.field where account_id = {accountId}
        union all
        select * from unnest({StandardField.All.Select(f => f.Id).ToArray()}, {StandardField.All.Select(f => f.Name).ToArray()},
                             {StandardField.All.Select(_ => "standard").ToArray()})
        """);
}
