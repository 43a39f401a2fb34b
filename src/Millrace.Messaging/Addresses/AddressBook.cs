using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Messaging.Addresses;

/// <summary>
/// Keeps the addresses that mails bear. One is the default as long as there is any, and stands with the account as text: so whoever asks the account for its address
/// gets what the mails say.
/// </summary>
internal sealed class AddressBook(IAudit audit, TimeProvider clock)
{
    private const int Most = 200;

    public static async Task<AddressRow?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => await Sql.Of($"""
        select {AddressRow.Columns} from messaging.address a where a.account_id = {accountId} and a.id = {id}
        """).FirstAsync<AddressRow>(work, cancellationToken);

    /// <summary>Text of the address that a campaign's mail bears instead of the account's; null: the account's.</summary>
    public static async Task<string?> OfMessageAsync(NpgsqlTransaction transaction, long accountId, long messageId, CancellationToken cancellationToken) =>
        Text(await Sql.Of($"""
            select {AddressRow.Columns} from messaging.campaign_variant v
            join messaging.campaign k on k.account_id = v.account_id and k.id = v.campaign_id
            left join lateral (
                select l.address_id from messaging.address_list l where l.account_id = k.account_id and l.list_id = any (k.list_ids) order by l.list_id limit 1) l on true
            join messaging.address a on a.account_id = k.account_id and a.id = coalesce(k.address_id, l.address_id)
            where v.account_id = {accountId} and v.message_id = {messageId}
            """).FirstAsync<AddressRow>(transaction, cancellationToken));

    /// <param name="prefix">Of the pointers of errors.</param>
    /// <param name="names">Of the members, as the caller's surface has them, in the order of <see cref="AddressFields"/>.</param>
    /// <exception cref="InvalidInputException">Everything that is wrong with it at once.</exception>
    public static AddressFields Check(AddressFields fields, string prefix, IReadOnlyList<string> names, string missing)
    {
        string[] given =
            [fields.CompanyName, fields.Address1, fields.Address2, fields.City, fields.State, fields.District, fields.Zip, fields.Country.ToUpperInvariant()];
        int[] limits = [200, 200, 200, 100, 100, 100, 30, 2];
        var errors = new List<FieldError>();
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = string.Join(' ', given[i].Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            if (given[i].Length == 0 && (i is 0 or 1 or 7))
            {
                errors.Add(new(prefix + names[i], missing, "This field is required."));
            }
            else if (i == 7 && !(given[i].Length == 2 && given[i].All(char.IsAsciiLetterUpper)))
            {
                errors.Add(new(prefix + names[i], "field_invalid", "A country is named by its two letters, such as GB."));
            }
            else if (given[i].Length > limits[i])
            {
                errors.Add(new(prefix + names[i], "length", $"This has at most {limits[i]} characters."));
            }
        }

        return errors.Count > 0 ? throw new InvalidInputException(errors)
            : new(given[0], given[1], given[2], given[3], given[4], given[5], given[6], given[7]);
    }

    /// <summary>The first one becomes the default.</summary>
    public async Task<long> AddAsync(AccountTransaction work, long accountId, long userId, AddressFields fields, bool asDefault, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await LockAsync(work, accountId, cancellationToken);
        var there = await Sql.Of($"select count(*) from messaging.address where account_id = {accountId}").FirstAsync<long>(work, cancellationToken);
        if (there >= Most)
        {
            throw new ConflictException("limit_reached", $"There can be {Most} addresses.");
        }

        var id = await Sql.Of($"""
            insert into messaging.address (account_id, company_name, address_1, address_2, city, state, district, zip, country, created_at, updated_at, created_by, updated_by)
            values ({accountId}, {fields.CompanyName}, {fields.Address1}, {fields.Address2}, {fields.City}, {fields.State}, {fields.District}, {fields.Zip}, {fields.Country},
                {now}, {now}, {userId}, {userId}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        if (asDefault || there == 0)
        {
            await MakeDefaultAsync(work, accountId, id, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, accountId, userId, "address.create", "address", id, new { fields.CompanyName }, cancellationToken);
        return id;
    }

    public async Task ChangeAsync(AccountTransaction work, long accountId, long userId, long id, AddressFields fields, bool asDefault, CancellationToken cancellationToken)
    {
        await LockAsync(work, accountId, cancellationToken);
        await Sql.Of($"""
            update messaging.address set company_name = {fields.CompanyName}, address_1 = {fields.Address1}, address_2 = {fields.Address2}, city = {fields.City}, state = {fields.State},
                district = {fields.District}, zip = {fields.Zip}, country = {fields.Country}, updated_at = {clock.GetUtcNow()}, updated_by = {userId}
            where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        if (asDefault)
        {
            await MakeDefaultAsync(work, accountId, id, cancellationToken);
        }

        await TellAccountAsync(work, accountId, cancellationToken);
        await audit.AppendAsync(work.Transaction, accountId, userId, "address.change", "address", id, new { fields.CompanyName }, cancellationToken);
    }

    /// <summary>Campaigns that bore it bear that of their lists or the default from now on. When the default goes, the oldest that is left takes its place; the last one stays as text.</summary>
    public async Task DeleteAsync(AccountTransaction work, long accountId, long userId, long id, CancellationToken cancellationToken)
    {
        await LockAsync(work, accountId, cancellationToken);
        await Sql.Of($"update messaging.campaign set address_id = null where account_id = {accountId} and address_id = {id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from messaging.address where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update messaging.address set is_default = true
            where account_id = {accountId} and id = (select min(id) from messaging.address where account_id = {accountId})
              and not exists (select 1 from messaging.address where account_id = {accountId} and is_default)
            """).ExecuteAsync(work, cancellationToken);
        await TellAccountAsync(work, accountId, cancellationToken);
        await audit.AppendAsync(work.Transaction, accountId, userId, "address.delete", "address", id, null, cancellationToken);
    }

    /// <summary>Campaigns to these lists bear it, unless they name another; other lists bear it no more.</summary>
    public async Task SetListsAsync(AccountTransaction work, long accountId, long id, long[] listIds, CancellationToken cancellationToken)
    {
        var there = await Sql.Of($"select count(*) from contacts.list where account_id = {accountId} and id = any ({listIds})").FirstAsync<long>(work, cancellationToken);
        if (there < listIds.Distinct().Count())
        {
            throw new InvalidInputException("/list_ids", "not_found", "One of these lists does not exist.");
        }

        await Sql.Of($"delete from messaging.address_list where account_id = {accountId} and address_id = {id} and not list_id = any ({listIds})").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into messaging.address_list (account_id, address_id, list_id, created_at)
            select distinct {accountId}, {id}, l, {clock.GetUtcNow()} from unnest({listIds}) l
            on conflict (account_id, list_id) do update set address_id = excluded.address_id
            """).ExecuteAsync(work, cancellationToken);
    }

    public static async Task MakeDefaultAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        // One after the other: at no moment are there two.
        await Sql.Of($"update messaging.address set is_default = false where account_id = {accountId} and is_default and id <> {id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"update messaging.address set is_default = true where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        await TellAccountAsync(work, accountId, cancellationToken);
    }

    /// <summary>One change of addresses at a time: of two first ones only one is the first.</summary>
    public static Task LockAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select id from accounts.account where id = {accountId} for no key update").ExecuteAsync(work, cancellationToken);

    private static async Task TellAccountAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken)
    {
        var now = await Sql.Of($"select {AddressRow.Columns} from messaging.address a where a.account_id = {accountId} and a.is_default").FirstAsync<AddressRow>(work, cancellationToken);
        if (Text(now) is { } text)
        {
            await Sql.Of($"update accounts.account set sender_address = {text} where id = {accountId} and sender_address <> {text}").ExecuteAsync(work, cancellationToken);
        }
    }

    private static string? Text(AddressRow? row) => row is null ? null : AddressText.Of(row.Fields);
}
