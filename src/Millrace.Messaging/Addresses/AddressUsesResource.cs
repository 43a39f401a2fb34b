using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Addresses;

internal sealed record AddressUseRow(long Id, long AddressId, long UsedBy);

/// <summary>Who uses an address: reached through the address, and deleted by number.</summary>
internal abstract class AddressUsesResource : V3Resource<AddressUseRow>
{
    public override Permission Permission => Permission.Use;

    public override bool IsListed => false;

    public override bool IsRead => false;

    /// <summary>The column of who uses it.</summary>
    protected abstract Sql UsedBy { get; }

    protected override Sql Columns => Sql.Of($"u.id, u.address_id, {UsedBy}");

    protected override Sql AccountColumn { get; } = Sql.Of($"u.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"u.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal) { ["id"] = new(Sql.Of($"u.id"), V3Kind.Id) });

    protected override IReadOnlyDictionary<string, V3Owner<AddressUseRow>> Owners { get; } = new Dictionary<string, V3Owner<AddressUseRow>>(StringComparer.Ordinal)
    {
        ["addresses"] = new(Sql.Of($"u.address_id"), r => r.AddressId),
    };

    protected override long IdOf(AddressUseRow row) => row.Id;
}

/// <summary>Lists whose campaigns bear another address than the default; reached through the list, too.</summary>
internal sealed class AddressListsResource : AddressUsesResource
{
    public override string Plural => "addressLists";

    public override string Singular => "addressList";

    public override string Model => "AddressList";

    protected override Sql UsedBy { get; } = Sql.Of($"u.list_id");

    protected override Sql Table { get; } = Sql.Of($"messaging.address_list u");

    protected override IReadOnlyDictionary<string, V3Owner<AddressUseRow>> Owners => field ??=
        new Dictionary<string, V3Owner<AddressUseRow>>(base.Owners, StringComparer.Ordinal) { ["lists"] = new(UsedBy, r => r.UsedBy) };

    public override object View(AddressUseRow row, V3Call call) => new
    {
        addressid = new V3Id(row.AddressId),
        listid = new V3Id(row.UsedBy),
        id = new V3Id(row.Id),
        address = new V3Id(row.AddressId),
        list = new V3Id(row.UsedBy),
    };
}

/// <summary>Groups of users an address was given to.</summary>
internal sealed class AddressGroupsResource : AddressUsesResource
{
    public override string Plural => "addressGroups";

    public override string Singular => "addressGroup";

    public override string Model => "AddressGroup";

    protected override Sql UsedBy { get; } = Sql.Of($"u.group_id");

    protected override Sql Table { get; } = Sql.Of($"messaging.address_group u");

    public override object View(AddressUseRow row, V3Call call) => new
    {
        addressid = new V3Id(row.AddressId),
        groupid = new V3Id(row.UsedBy),
        id = new V3Id(row.Id),
        address = new V3Id(row.AddressId),
        group = new V3Id(row.UsedBy),
    };
}
