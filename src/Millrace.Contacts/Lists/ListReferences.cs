using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

[ReferenceSource("list", Title = "List", CanCreate = true)]
internal sealed class ListReferences : NamedRows
{
    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await ListCreation.InsertAsync(work.Transaction, accountId, new NewList(name), now, cancellationToken), name.Trim());

    protected override Sql Rows(long accountId) => Sql.Of($"select id, name, null::text from contacts.list where account_id = {accountId}");
}
