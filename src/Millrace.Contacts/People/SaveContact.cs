using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary>Creates and changes single contacts, in the caller's transaction, with the activities of what really changed.</summary>
internal sealed class SaveContact(IActivityLog activities, FieldValueWriter fieldValues, TimeProvider clock)
{
    /// <exception cref="ConflictException"><c>contact_exists</c>: the address is taken.</exception>
    /// <exception cref="InvalidInputException">A value is not valid.</exception>
    public async Task<long> CreateAsync(
        NpgsqlTransaction transaction, long accountId, ContactInput input, string source, CancellationToken cancellationToken)
    {
        var person = Checked(input);
        if (person.Email is null or "" && person.Phone is null or "")
        {
            throw new InvalidInputException(input.Path + "email", "email_invalid", "A contact needs an e-mail address.");
        }

        return await InsertAsync(transaction, accountId, person, input, source, cancellationToken)
            ?? throw Taken();
    }

    /// <summary>Changes what is given.</summary>
    /// <exception cref="NotFoundException">No such contact.</exception>
    public async Task UpdateAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, ContactInput input, CancellationToken cancellationToken)
    {
        var given = Checked(input);
        var writes = await WritesAsync(transaction, accountId, contactId, input, cancellationToken);
        var before = await Sql.Of($"""
            select email, first_name, last_name, phone from contacts.contact
            where account_id = {accountId} and id = {contactId} for no key update
            """).FirstAsync<Person>(transaction, cancellationToken) ?? throw new NotFoundException();
        var after = new Person(
            given.Email is null ? before.Email : NullIfEmpty(given.Email), given.FirstName ?? before.FirstName, given.LastName ?? before.LastName,
            given.Phone ?? before.Phone);
        if (after.Email is null && after.Phone is null or "")
        {
            throw new InvalidInputException(input.Path + "email", "email_invalid", "A contact needs an e-mail address.");
        }

        if (after.Email != before.Email && after.Email is not null && await Sql.Of($"""
            select exists (select 1 from contacts.contact where account_id = {accountId} and email = {after.Email})
            """).FirstAsync<bool>(transaction, cancellationToken))
        {
            throw Taken();
        }

        if (after != before)
        {
            await Sql.Of($"""
                update contacts.contact
                set email = {after.Email}, first_name = {after.FirstName ?? ""}, last_name = {after.LastName ?? ""}, phone = {after.Phone ?? ""},
                    bounced_at = case when email is distinct from {after.Email} then null else bounced_at end, updated_at = {clock.GetUtcNow()}
                where account_id = {accountId} and id = {contactId}
                """).ExecuteAsync(transaction, cancellationToken);
            await activities.AppendAsync(transaction, accountId, [.. Changes(contactId, before, after)], cancellationToken);
        }

        await fieldValues.WriteAsync(transaction, accountId, writes, cancellationToken);
    }

    /// <summary>Creates the contact of this address, or changes what is given of the one there is.</summary>
    public async Task<(long ContactId, bool Created)> SyncAsync(
        NpgsqlTransaction transaction, long accountId, ContactInput input, string source, CancellationToken cancellationToken)
    {
        var person = Checked(input);
        if (person.Email is null or "")
        {
            throw new InvalidInputException(input.Path + "email", "email_invalid", "An e-mail address is needed.");
        }

        if (await InsertAsync(transaction, accountId, person, input, source, cancellationToken) is { } created)
        {
            return (created, true);
        }

        var contactId = await Sql.Of($"select id from contacts.contact where account_id = {accountId} and email = {person.Email}")
            .FirstAsync<long>(transaction, cancellationToken);
        await UpdateAsync(transaction, accountId, contactId, input, cancellationToken);
        return (contactId, false);
    }

    private async Task<long?> InsertAsync(
        NpgsqlTransaction transaction, long accountId, Person person, ContactInput input, string source, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            with made as (
                insert into contacts.contact (account_id, email, first_name, last_name, phone, source, created_at, updated_at)
                values ({accountId}, {NullIfEmpty(person.Email)}, {person.FirstName ?? ""}, {person.LastName ?? ""}, {person.Phone ?? ""}, {source}, {now}, {now})
                on conflict (account_id, email) do nothing
                returning id),
            {ContactTotal.Made(accountId, Sql.Of($"made"))}
            select id from made
            """).FirstAsync<long?>(transaction, cancellationToken);
        if (id is { } contactId)
        {
            await activities.AppendAsync(transaction, accountId, [new ContactCreated(contactId, source)], cancellationToken);
            await fieldValues.WriteAsync(
                transaction, accountId, await WritesAsync(transaction, accountId, contactId, input, cancellationToken), cancellationToken);
        }

        return id;
    }

    /// <summary>The given values, parsed by their fields' types; all that is wrong is told at once.</summary>
    private static async Task<List<FieldWrite>> WritesAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, ContactInput input, CancellationToken cancellationToken)
    {
        if (input.Fields.Count == 0)
        {
            return [];
        }

        var fields = await FieldDefinitions.ByIdAsync(transaction, accountId, [.. input.Fields.Keys], cancellationToken);
        var (writes, errors, zone) = (new List<FieldWrite>(), new List<FieldError>(), WallClock.Zone(input.TimeZone));
        foreach (var (fieldId, text) in input.Fields)
        {
            if (!fields.TryGetValue(fieldId, out var field))
            {
                continue;
            }

            if (FieldValueParser.TryParse(field, text, zone, out var value, out var problem))
            {
                writes.Add(new FieldWrite(contactId, field, value));
            }
            else
            {
                errors.Add(new FieldError($"{input.Path}fields/{fieldId}", "field_value_invalid", problem));
            }
        }

        return errors.Count == 0 ? writes : throw new InvalidInputException(errors);
    }

    private static Person Checked(ContactInput input) => new(
        string.IsNullOrWhiteSpace(input.Email) ? input.Email?.Trim() : EmailAddress.Normalise(input.Email, input.Path + "email"),
        input.FirstName is null ? null : PersonText.Line(input.FirstName, PersonText.MaxName, input.Path + "first_name"),
        input.LastName is null ? null : PersonText.Line(input.LastName, PersonText.MaxName, input.Path + "last_name"),
        input.Phone is null ? null : PersonText.Phone(input.Phone, input.Path + "phone"));

    private static IEnumerable<FieldChanged> Changes(long contactId, Person before, Person after) =>
        new[]
        {
            (StandardField.Email, before.Email, after.Email), (StandardField.FirstName, before.FirstName, after.FirstName),
            (StandardField.LastName, before.LastName, after.LastName), (StandardField.Phone, before.Phone, after.Phone),
        }
        .Where(c => c.Item2 != c.Item3)
        .Select(c => new FieldChanged(contactId, FieldId: null, c.Item1.Key, NullIfEmpty(c.Item2), NullIfEmpty(c.Item3)));

    private static ConflictException Taken() => new("contact_exists", "A contact with this e-mail address exists.");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed record Person(string? Email, string? FirstName, string? LastName, string? Phone);
}
