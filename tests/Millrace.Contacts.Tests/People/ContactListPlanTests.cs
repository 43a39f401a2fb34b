using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.People;

/// <summary>The list stays fast with many contacts: no query of it goes through the whole table.</summary>
public sealed class ContactListPlanTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task No_page_search_or_filter_scans_the_contacts()
    {
        var account = await product.NewAccountAsync();
        var now = product.Now;
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, last_name, created_at, updated_at)
            select {account.Id}, 'p' || n || '@company' || n % 1000 || '.example', 'First' || n % 5000, 'Last' || n % 7000, {now} - n * interval '1 minute', {now}
            from generate_series(1, 100000) n
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"insert into contacts.tag (account_id, name, created_at) values ({account.Id}, 'few', {now})").ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account.Id}, 'half', 'half', {now}, {now})")
            .ExecuteAsync(work, CancellationToken.None);
        var tag = await Sql.Of($"select id from contacts.tag where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
        var list = await Sql.Of($"select id from contacts.list where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
        await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {account.Id}, id, {tag}, {now} from contacts.contact where account_id = {account.Id} and id % 20000 = 0
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            select {account.Id}, id, {list}, 'active', {now}, {now} from contacts.contact where account_id = {account.Id} and id % 2 = 0
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        await using (var owner = Npgsql.NpgsqlDataSource.Create(product.OwnerConnectionString))
        await using (var connection = await owner.OpenConnectionAsync())
        {
            await Sql.Of($"analyze contacts.contact, contacts.contact_tag, contacts.subscription").ExecuteAsync(connection, CancellationToken.None);
        }

        await using var reading = await account.BeginAsync();
        ContactFilter[] filters =
        [
            new(), new("p1234"), new("first77"), new("first77 last1"), new("@company77.example"), new(TagId: tag), new(ListId: list),
            new("p9", ListId: list), new(CreatedFrom: now.AddDays(-1)),
        ];
        foreach (var filter in filters)
        {
            foreach (var sort in new[] { "-created", "email", "first_name", "-last_name" })
            {
                var page = ContactOrder.Parse(sort).Page(filter.Where(account.Id), after: null, limit: 51);
                (await PlanAsync(page, reading)).ShouldNotContain("Seq Scan on contact c", Case.Sensitive, $"{filter} by {sort}");
            }
        }

        foreach (var filter in filters.Where(f => f is { TagId: not null } or { Text: not null, ListId: null }))
        {
            var count = Sql.Of($"select count(*) from (select 1 from contacts.contact c where {filter.Where(account.Id)} limit {ListContacts.CountCap}) m");
            (await PlanAsync(count, reading)).ShouldNotContain("Seq Scan on contact c", Case.Sensitive, $"count of {filter}");
        }
    }

    private static async Task<string> PlanAsync(Sql query, AccountTransaction work) =>
        string.Join('\n', await Sql.Of($"explain {query}").ListAsync<string>(work, CancellationToken.None));
}
