using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Designing;

[Collection(nameof(DesignerTests))]
public sealed class VersionAndImportTests(DesignerProduct product)
{
    private const string Mail = """
        <html><head><title>Our  news</title><style>.x{color:#333333}</style></head><body><table><tr><td><h1>Welcome</h1><p>Dear %FIRSTNAME%,</p><p>it is <b>spring</b>.</p>
        <table><tr><td bgcolor="#2255aa" style="background:#2255aa"><a href="https://a.example/go" style="color:#ffffff">See more</a></td></tr></table>
        <img src="images/a.png" alt="A" width="600"><hr>
        <table><tr><td width="33%"><p>Left</p></td><td width="67%"><p>Right</p></td></tr></table>
        <p style="display:none">hidden</p><p><a href="%UNSUBSCRIBELINK%">Unsubscribe</a></p><script>alert(1)</script></td></tr></table></body></html>
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_person_saves_within_minutes_is_one_version_and_an_older_one_can_be_had_again()
    {
        var account = await product.NewAccountAsync();
        var id = (long)(await account.PostAsync("messages", new { name = "A", subject = "One", html = "<p>1</p>" }))["id"]!;
        await account.PutAsync($"messages/{id}", new { name = "A", subject = "Two", html = "<p>2</p>" });
        await using (var work = await account.BeginAsync())
        {
            await Kernel.Data.Sql.Of($"update messaging.message_edit set began_at = began_at - interval '1 hour' where account_id = {account.Id}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        await account.PutAsync($"messages/{id}", new { name = "A", subject = "Three", html = "<p>3</p>" });

        (await account.GetAsync($"messages/{id}/versions"))["versions"]!.AsArray().Select(v => (int)v!["no"]!).ShouldBe([2, 1]);
        var before = (await account.GetAsync($"messages/{id}/versions/1"))["content"]!;
        (before.Text("subject"), before.Text("html")).ShouldBe(("Two", "<p>2</p>"));
        await account.PutAsync($"messages/{id}/versions/1", new { note = "as Ann liked it" });
        await account.PutAsync($"messages/{id}", before);
        (await account.GetAsync($"messages/{id}")).Text("subject").ShouldBe("Two");
        var stranger = await product.NewAccountAsync();
        (await stranger.App.GetAsync(new Uri($"messages/{id}/versions", UriKind.Relative), Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task HTML_from_elsewhere_is_cleaned_and_becomes_blocks()
    {
        var account = await product.NewAccountAsync();

        var read = await account.PostAsync("html-import", new { html = Mail });

        read.Text("subject").ShouldBe("Our news");
        read.Text("html").ShouldNotContain("script");
        read["notes"]!.AsArray().ShouldHaveSingleItem();
        var blocks = read["design"]!["sections"]!.AsArray().SelectMany(s => s!["columns"]!.AsArray()).SelectMany(c => c!["blocks"]!.AsArray()).ToList();
        blocks.Select(b => b!.Text("kind")).ShouldBe(["heading", "text", "button", "divider", "text", "text", "footer"]);
        blocks[1]!["options"]!.Text("html").ShouldContain("<b>spring</b>");
        (blocks[2]!["options"]!.Text("colour"), blocks[2]!["options"]!.Text("url")).ShouldBe(("#2255aa", "https://a.example/go"));
        read["design"]!["sections"]![1]!["columns"]!.AsArray().Select(c => (int)c!["share"]!).ShouldBe([4, 8]);
    }

    [Fact]
    public async Task A_ZIP_brings_its_pictures_and_a_bomb_is_refused()
    {
        var account = await product.NewAccountAsync();

        var read = await ZipAsync(account, ("mail/index.html", Encoding.UTF8.GetBytes(Mail)), ("mail/images/a.png", Pictures.Png(20, 10)));
        var bomb = await ZipAsync(account, ("index.html", new byte[5_000_000]));
        var none = await ZipAsync(account, ("a.txt", "x"u8.ToArray()));
        var many = await ZipAsync(account, [.. Enumerable.Range(0, 101).Select(i => ($"{i}.txt", "x"u8.ToArray()))]);

        read.Status.ShouldBe(200);
        ((int)read.Body["images"]!, read.Body.Text("html").Contains($"/i/{account.Id}/", StringComparison.Ordinal)).ShouldBe((1, true));
        (bomb.Status, none.Status, many.Status).ShouldBe((413, 422, 413));
    }

    [Fact]
    public async Task Contacts_to_look_as_are_those_with_whom_mails_go_wrong()
    {
        var account = await product.NewAccountAsync();
        foreach (var (email, first) in new[] { ("a@x.example", "Al"), ("b@x.example", "Bartholomew-Maximilian"), ("c@x.example", ""), ("d@x.example", "דוד") })
        {
            await Sending.Mailing.AddContactAsync(account, email, first);
        }

        var people = (await account.GetAsync("preview-people"))["contacts"]!.AsArray();

        people.Take(3).Select(p => $"{p!.Text("why")} {p!.Text("email")}").ShouldBe(["longest_name b@x.example", "no_name c@x.example", "right_to_left d@x.example"]);
        people.Select(p => p!.Text("email")).Order().ShouldBe(["a@x.example", "b@x.example", "c@x.example", "d@x.example"]);
    }

    private static async Task<(int Status, JsonNode Body)> ZipAsync(TestAccount account, params (string Name, byte[] Content)[] files)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                await using var entry = archive.CreateEntry(name).Open();
                await entry.WriteAsync(content, Token);
            }
        }

        using var body = new ByteArrayContent(zip.ToArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var answer = await account.App.PostAsync(new Uri("html-import/zip", UriKind.Relative), body, Token);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!);
    }
}
