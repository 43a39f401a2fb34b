using Millrace.Api.Resources;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.People;

/// <summary>A row that belongs to one contact and has a number of its own.</summary>
internal interface IContactRow
{
    long Id { get; }

    long ContactId { get; }
}

/// <summary>A resource of API v3 whose records each belong to one contact: tags on it, lists it is on, values of its fields, notes. The table's alias is <c>r</c>.</summary>
internal abstract class ContactRowsResource<TRow> : V3Resource<TRow>
    where TRow : class, IContactRow
{
    protected sealed override Sql AccountColumn { get; } = Sql.Of($"r.account_id");

    protected sealed override Sql IdColumn { get; } = Sql.Of($"r.id");

    protected sealed override IReadOnlyDictionary<string, V3Owner<TRow>> Owners { get; } = new Dictionary<string, V3Owner<TRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"r.contact_id"), r => r.ContactId),
    };

    protected sealed override long IdOf(TRow row) => row.Id;
}
