using System.Net;
using System.Text.Json.Nodes;
using Millrace.Contacts.Tests.Import;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Export;

public sealed class ExportTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task What_was_imported_is_exported_and_comes_back_the_same()
    {
        var (from, to) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        const string csv = "\"E-mail\",\"First name\",\"Last name\",\"note\"\r\n"
            + "\"a@example.com\",\"'=HYPERLINK(\"\"x\"\")\",\"O'Hara, \"\"Q\"\"\",\"two\nlines\"\r\n"
            + "\"b@example.com\",\"''=1\",\"\",\"＝1\"\r\n"
            + "\"c@example.com\",\"'tis\",\"'\",\"\"\r\n";
        await from.ImportAsync(csv, ["email", "first_name", "last_name", await from.NewFieldAsync("note", "textarea")]);

        var file = await ExportAsync(from, new { columns = new[] { "email", "first_name", "last_name" } });

        file.ShouldBe("\uFEFF" + csv.Replace("＝1", "'＝1", StringComparison.Ordinal));
        await to.ImportAsync(file, ["email", "first_name", "last_name", await to.NewFieldAsync("note", "textarea")]);
        (await to.PeopleAsync()).ShouldBe(await from.PeopleAsync());
        (await from.PeopleAsync())[1].ShouldStartWith("b@example.com|'=1||");
    }

    [Fact]
    public async Task Many_rows_are_each_exported_once_in_several_pieces()
    {
        var account = await product.NewAccountAsync();
        const int count = 12_000;
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into contacts.contact (account_id, email, first_name, created_at, updated_at)
                select {account.Id}, 'p' || n || '@example.com', repeat('x', 150), {product.Now}, {product.Now} from generate_series(1, {count}) n
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var lines = (await ExportAsync(account, new { })).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBe(count + 1);
        lines.Distinct(StringComparer.Ordinal).Count().ShouldBe(count + 1);
    }

    [Fact]
    public async Task Only_the_chosen_contacts_are_in_the_file()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.ImportAsync("e,f\na@example.com,Ada\nb@example.com,Bob\n", ["email", "first_name"]);
        await account.ImportAsync("e\nb@example.com\n", ["email"], new JsonObject { ["lists"] = new JsonArray(list), ["tags"] = new JsonArray("t") });

        string[] columns = ["email", "tags"];
        const string bob = "\uFEFF\"E-mail\",\"Tags\"\r\n\"b@example.com\",\"t\"\r\n";
        (await ExportAsync(account, new { filter = new { list_id = list }, columns })).ShouldBe(bob);
        (await ExportAsync(account, new { filter = new { text = "BOB" }, columns })).ShouldBe(bob);
        (await ExportAsync(account, new { filter = new { list_id = list, status = "unsubscribed" }, columns })).ShouldBe("\uFEFF\"E-mail\",\"Tags\"\r\n");
    }

    [Fact]
    public async Task Another_tenant_cannot_fetch_it_and_every_fetch_is_audited()
    {
        var (owner, stranger) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var id = (long)(await owner.PostAsync("exports", new { }))["id"]!;
        await FileAsync(owner, id);

        var link = await LinkAsync(owner, id);
        using var notTheirs = await stranger.App.GetAsync(link);
        using var noLink = await stranger.App.PostAsync(new Uri($"exports/{id}/link", UriKind.Relative), content: null);
        using var withoutSession = await new HttpClient().GetAsync(new Uri(product.Address, link));

        notTheirs.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        noLink.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        withoutSession.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await using var work = await owner.BeginAsync();
        (await Sql.Of($"select action from accounts.audit where account_id = {owner.Id} and target_kind = 'export' order by id").ListAsync<string>(work, CancellationToken.None))
            .ShouldBe(["contact.export", "export.download"]);
    }

    [Fact]
    public async Task A_link_works_once_and_for_an_hour()
    {
        var account = await product.NewAccountAsync();
        var id = (long)(await account.PostAsync("exports", new { }))["id"]!;
        await FileAsync(account, id);
        var (used, late) = (await LinkAsync(account, id), await LinkAsync(account, id));

        using var first = await account.App.GetAsync(used);
        using var second = await account.App.GetAsync(used);
        await product.AdvanceAsync(TimeSpan.FromMinutes(61));
        using var tooLate = await account.App.GetAsync(late);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        tooLate.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<Uri> LinkAsync(TestAccount account, long id) =>
        new((string)(await account.PostAsync($"exports/{id}/link", new { }))["path"]!, UriKind.Relative);

    private static async Task<string> ExportAsync(TestAccount account, object request) => await FileAsync(account, (long)(await account.PostAsync("exports", request))["id"]!);

    private static async Task<string> FileAsync(TestAccount account, long id)
    {
        await Product.EventuallyAsync(async () => (string)(await account.GetAsync($"exports/{id}"))["state"]! == "finished", "the export is finished", seconds: 60);
        using var response = await account.App.GetAsync(await LinkAsync(account, id));
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        return System.Text.Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
    }
}
