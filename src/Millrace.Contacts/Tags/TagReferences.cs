using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

[ReferenceSource("tag", Title = "Tag", CanCreate = true)]
internal sealed class TagReferences(Tagging tagging) : NamedRows
{
    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, stored) = (await tagging.FindOrCreateAsync(work.Transaction, accountId, [name], "/name", cancellationToken))[0];
        return new Reference(id, stored);
    }

    protected override Sql Rows(long accountId) => Sql.Of($"select id, name, null::text from contacts.tag where account_id = {accountId}");
}
