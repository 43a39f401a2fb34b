using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Tags;

internal sealed record ContactTagRow(long Id, long ContactId, long TagId, DateTimeOffset TaggedAt) : IContactRow;

/// <summary><c>/api/3/contactTags</c>: which contact has which tag.</summary>
internal sealed class ContactTagsResource : ContactRowsResource<ContactTagRow>, IEndpoint
{
    public override string Plural => "contactTags";

    public override string Singular => "contactTag";

    public override string Model => "SubscriberTag";

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<ContactTagRow>("tag", "tags", r => r.TagId), V3Relation.One<ContactTagRow>("contact", "contacts", r => r.ContactId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"r.id, r.contact_id, r.tag_id, r.tagged_at");

    protected override Sql Table { get; } = Sql.Of($"contacts.contact_tag r");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["tag"] = new(Sql.Of($"r.tag_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"r.tagged_at"), V3Kind.Time),
    });

    public override object View(ContactTagRow row, V3Call call) => new
    {
        contact = new V3Id(row.ContactId),
        tag = new V3Id(row.TagId),
        cdate = call.Iso(row.TaggedAt),
        created_timestamp = call.Plain(row.TaggedAt),
        updated_timestamp = call.Plain(row.TaggedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("contactTags", Create).RequirePermission(Permission.ManageContacts).Takes<Input>("contactTag", "Puts a tag on a contact; a pair that exists is answered like a new one.");
        routes.V3.MapDelete("contactTags/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(V3Id Contact = default, V3Id Tag = default);

    private static async Task<V3Result> Create(V3Call call, Tagging tagging)
    {
        var input = await call.BodyAsync<Input>("contactTag");
        if (input.Contact.Value == 0 || input.Tag.Value == 0)
        {
            throw V3Errors.Invalid(input.Contact.Value == 0 ? "contact" : "tag", "field_missing", "Missing attribute");
        }

        var (contacts, tags, pairs) = (call.Resource<ContactsResource>(), call.Resource<TagsResource>(), call.Resource<ContactTagsResource>());
        return await call.ChangeAsync(async work =>
        {
            var contact = await contacts.OneAsync(work, call, input.Contact);
            await tags.OneAsync(work, call, input.Tag);
            await tagging.AddAsync(work.Transaction, call.Account.Id, [contact.Id], [input.Tag], call.CancellationToken);
            var pair = (await pairs.RowsAsync(work, call, Sql.Of($"r.contact_id = {contact.Id} and r.tag_id = {input.Tag.Value}")))[0];
            return V3Result.Created(new
            {
                contacts = new[] { contacts.View(contact, call) },
                contactTag = new
                {
                    contact = new V3Id(pair.ContactId),
                    tag = new V3Id(pair.TagId),
                    cdate = call.Iso(pair.TaggedAt),
                    links = pairs.Links(call, pair.Id),
                    id = new V3Id(pair.Id),
                },
            });
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, Tagging tagging) => call.ChangeAsync(async work =>
    {
        var pair = await call.Resource<ContactTagsResource>().OneAsync(work, call, V3Id.Parse(id));
        await tagging.RemoveAsync(work.Transaction, call.Account.Id, [pair.ContactId], [pair.TagId], call.CancellationToken);
        return V3Result.Empty;
    });
}
