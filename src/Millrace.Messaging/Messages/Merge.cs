using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>Personalization for texts that are no mails.</summary>
internal sealed class Merge(TagCatalogues tags) : IMerge
{
    public string? Problem(string template, MergePlace place)
    {
        try
        {
            TemplateProgram.Compile(template, KindOf(place), new TagCatalogue());
            return null;
        }
        catch (TemplateInvalidException e)
        {
            return e.Problem.Line == 1 ? $"Column {e.Problem.Column}: {e.Problem.Message}" : $"Line {e.Problem.Line}, column {e.Problem.Column}: {e.Problem.Message}";
        }
    }

    public string Sample(string template) => TokenSyntax.Sample(template);

    public async Task<Dictionary<long, string>> MergeAsync(
        NpgsqlTransaction transaction, long accountId, string template, MergePlace place, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var catalogue = await tags.LoadAsync(transaction, accountId, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(transaction, accountId, cancellationToken);
        var (subject, html, text, link) = place switch
        {
            MergePlace.Line => (template, "", "", ""),
            MergePlace.Url => ("", "", "", template),
            MergePlace.Html => ("", template, "", ""),
            _ => ("", "", template, ""),
        };
        var message = new CompiledMessage(
            new VersionRow(accountId, 0, 0, MessageKind.Transactional, subject, "", "", "", html, text), link.Length > 0 ? [new(1, link, "")] : [], sender, catalogue);
        var program = place switch { MergePlace.Line => message.Subject, MergePlace.Url => message.Link(1)!, MergePlace.Html => message.Html, _ => message.Text };
        var people = await Sql.Of($"""
            select id, email, first_name, last_name, phone, ip_address, time_zone from contacts.contact
            where account_id = {accountId} and id = any ({contactIds})
            """).ListAsync<Person>(transaction, cancellationToken);
        var facts = await Recipients.LoadAsync(transaction, [.. people.Select(p => (accountId, p.Id, message))], cancellationToken);
        return people.ToDictionary(p => p.Id, p => program.Render(message.Merge(p.ToSend(accountId, now), facts, tracking: null, now)));
    }

    private static TemplateKind KindOf(MergePlace place) => place switch
    {
        MergePlace.Line => TemplateKind.Header,
        MergePlace.Url => TemplateKind.Url,
        MergePlace.Html => TemplateKind.Html,
        _ => TemplateKind.Text,
    };

    internal sealed record Person(long Id, string? Email, string? FirstName, string? LastName, string? Phone, string? IpAddress, string? TimeZone)
    {
        /// <summary>As if a mail went to the contact.</summary>
        public DueSend ToSend(long accountId, DateTimeOffset now) => new(
            accountId, 0, 0, 2, Id, 0, 0, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, now, null, null,
            Email, FirstName, LastName, Phone, IpAddress, TimeZone);
    }
}
