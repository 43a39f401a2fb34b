using System.Net.Http.Json;
using System.Net;
using System.Text.Json.Nodes;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Import;

public sealed class ImportTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task Five_million_rows_are_the_most_and_line_feeds_in_quotes_are_no_rows()
    {
        var account = await product.NewAccountAsync();
        var rows = new byte[5_000_002];
        Array.Fill(rows, (byte)'\n');
        using var tooMany = await account.PostCsvAsync(rows, "text/csv");
        (rows[0], rows[^1]) = ((byte)'"', (byte)'"');
        using var oneCell = await account.PostCsvAsync(rows, "text/csv");

        tooMany.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await tooMany.Content.ReadAsStringAsync()).ShouldContain("5,000,000 rows");
        oneCell.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await account.GetAsync("imports"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_becomes_contacts_with_values_tags_lists_and_activities()
    {
        var account = await product.NewAccountAsync();
        var (field, list) = (await account.NewFieldAsync("city", "text"), await account.NewListAsync());

        var view = await account.ImportAsync(
            "E-Mail,First,City\r\nAda@Example.com,Ada,London\r\nu@exämple.com,\"Uwe, \"\"U\"\"\",\r\n",
            ["email", "first_name", field],
            new JsonObject { ["lists"] = new JsonArray(list), ["tags"] = new JsonArray("vip", "Math") });

        ((string)view["state"]!, (long)view["created"]!, (long)view["rejected"]!, (long)view["rows"]!).ShouldBe(("finished", 2L, 0L, 2L));
        (await account.PeopleAsync()).ShouldBe([
            "ada@example.com|Ada|||CITY=London|Math,vip|active|contact.created,list.subscribed,tag.added,tag.added",
            "u@xn--exmple-cua.com|Uwe, \"U\"|||Math,vip|active|contact.created,list.subscribed,tag.added,tag.added"]);
        await account.SettledAsync();
        ((long)(await account.GetAsync("contacts?limit=1"))["total"]!).ShouldBe(2);
        (await TotalAsync(account, "list")).ShouldBe(2);
    }

    [Fact]
    public async Task Bad_rows_are_listed_with_line_and_reason_and_the_rest_is_imported()
    {
        var account = await product.NewAccountAsync();
        var number = await account.NewFieldAsync("age", "number");
        var csv = "email,name,age,phone\n"
            + "good@example.com,Good,7,+49 30 123456\n"
            + "a@b@c.d,x,1,\n"
            + ",x,1,\n"
            + "GOOD@example.com,again,8,\n"
            + "nul@example.com,a\0b,1,\n"
            + "few@example.com,x\n"
            + "many@example.com,x,1,,extra\n"
            + "text@example.com,x,old,\n"
            + "ü@example.com,x,1,\n"
            + "phone@example.com,x,1,12\n"
            + $"long@example.com,{new string('n', 201)},1,\n"
            + "blank@example.com,,,,\n"
            + "\"open@example.com,x,1,\n";

        var view = await account.ImportAsync(csv, ["email", "first_name", number, "phone"]);

        (await account.RejectedAsync((long)view["id"]!)).ShouldBe([
            (3, "email_invalid"), (4, "email_missing"), (5, "duplicate_in_file"), (6, "nul_character"), (7, "column_count"), (8, "column_count"),
            (9, "field_invalid"), (10, "eai_unsupported"), (11, "phone_invalid"), (12, "too_long"), (14, "unclosed_quote")]);
        ((long)view["created"]!, (long)view["rejected"]!).ShouldBe((2, 11));
        var file = await account.App.GetStringAsync(new Uri($"imports/{view["id"]}/rejected", UriKind.Relative));
        file.Split("\r\n")[0].ShouldBe("\"Line\",\"Reason\",\"Explanation\",\"email\",\"name\",\"age\",\"phone\"");
        file.ShouldContain("\"3\",\"email_invalid\",\"This is not a valid e-mail address.\",\"a@b@c.d\",\"x\",\"1\",\"\"\r\n");
    }

    [Fact]
    public async Task Existing_contacts_are_updated_where_cells_are_filled()
    {
        var account = await product.NewAccountAsync();
        var city = await account.NewFieldAsync("city", "text");
        await account.ImportAsync("e,f,l,c\nada@example.com,Ada,Byron,London\nsame@example.com,Same,,\n", ["email", "first_name", "last_name", city]);

        var view = await account.ImportAsync("e,f,l,c\nADA@example.com,Augusta,,Paris\nsame@example.com,Same,,\n", ["email", "first_name", "last_name", city]);

        ((long)view["created"]!, (long)view["updated"]!, (long)view["unchanged"]!).ShouldBe((0, 1, 1));
        (await account.PeopleAsync()).ShouldBe([
            "ada@example.com|Augusta|Byron||CITY=Paris|contact.created,field.changed,field.changed", "same@example.com|Same|||contact.created"]);
    }

    [Fact]
    public async Task Blank_cells_clear_only_when_asked_to()
    {
        var account = await product.NewAccountAsync();
        var city = await account.NewFieldAsync("city", "text");
        await account.ImportAsync("e,f,c\nada@example.com,Ada,London\n", ["email", "first_name", city]);

        await account.ImportAsync("e,f,c\nada@example.com,,\n", ["email", "first_name", city], new JsonObject { ["overwrite_with_blank"] = true });

        (await account.PeopleAsync()).ShouldBe(["ada@example.com||||contact.created,field.changed,field.changed"]);
    }

    [Fact]
    public async Task Existing_contacts_are_left_alone_and_listed_when_they_are_not_to_be_updated()
    {
        var account = await product.NewAccountAsync();
        await account.ImportAsync("e,f\nada@example.com,Ada\n", ["email", "first_name"]);

        var view = await account.ImportAsync(
            "e,f\nada@example.com,Other\nnew@example.com,New\n", ["email", "first_name"], new JsonObject { ["update_existing"] = false, ["tags"] = new JsonArray("t") });

        (await account.RejectedAsync((long)view["id"]!)).ShouldBe([(2, "contact_exists")]);
        (await account.PeopleAsync()).ShouldBe(["ada@example.com|Ada|||contact.created", "new@example.com|New|||t|contact.created,tag.added"]);
    }

    [Theory]
    [InlineData("unsubscribed", "unsubscribed")]
    [InlineData("bounced", "bounced")]
    [InlineData("unconfirmed", "active")]
    public async Task Nobody_who_left_or_bounced_is_put_back_on_a_list(string before, string after)
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.ImportAsync("e\nada@example.com\n", ["email"], new JsonObject { ["lists"] = new JsonArray(list) });
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update contacts.subscription set status = {before} where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await account.ImportAsync("e\nada@example.com\n", ["email"], new JsonObject { ["lists"] = new JsonArray(list) });

        (await account.PeopleAsync())[0].ShouldStartWith($"ada@example.com||||{after}|");
    }

    [Fact]
    public async Task Without_automations_nothing_is_queued_and_the_counts_are_right()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var options = new JsonObject { ["trigger_automations"] = false, ["lists"] = new JsonArray(list), ["tags"] = new JsonArray("t") };

        await account.ImportAsync("e\na@example.com\nb@example.com\n", ["email"], options);

        await using var work = await account.BeginAsync();
        (await Sql.Of($"select count(*) from activities.activity_queue where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(0);
        (await Sql.Of($"select count(*) from activities.activity where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(6);
        ((long)(await account.GetAsync("contacts?limit=1"))["total"]!).ShouldBe(2);
        (await TotalAsync(account, "list")).ShouldBe(2);
        (await TotalAsync(account, "tag")).ShouldBe(2);
    }

    [Fact]
    public async Task A_field_is_made_on_the_fly()
    {
        var account = await product.NewAccountAsync();
        var column = new JsonObject { ["target"] = "field", ["new_field"] = new JsonObject { ["name"] = "Shoe size", ["type"] = "number" } };

        await account.ImportAsync("e,s\na@example.com,42.50\n", ["email", column]);

        (await account.PeopleAsync()).ShouldBe(["a@example.com||||SHOE_SIZE=42.5|contact.created"]);
    }

    [Fact]
    public async Task Neutralised_cells_are_restored()
    {
        var account = await product.NewAccountAsync();

        await account.ImportAsync("e,f,l\na@example.com,'=1+1,'tis\n", ["email", "first_name", "last_name"]);

        (await account.PeopleAsync())[0].ShouldStartWith("a@example.com|=1+1|'tis|");
    }

    [Theory]
    [InlineData("utf-16le", true)]
    [InlineData("utf-16be", true)]
    [InlineData("utf-16le", false)]
    [InlineData("utf-16be", false)]
    public async Task Utf16_is_recognised(string name, bool mark)
    {
        var account = await product.NewAccountAsync();
        var encoding = new UnicodeEncoding(bigEndian: name == "utf-16be", byteOrderMark: mark);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("email,first name\r\nzoe@example.com,Zoë\r\n")];
        var id = await account.UploadAsync(bytes);

        ((string)(await account.GetAsync($"imports/{id}/preview"))["encoding"]!).ShouldBe(name);
        await account.StartAsync(id, ["email", "first_name"]);
        await account.FinishedAsync(id);

        (await account.PeopleAsync())[0].ShouldStartWith("zoe@example.com|Zoë|");
    }

    [Fact]
    public async Task A_file_that_is_not_utf8_needs_its_encoding_named()
    {
        var account = await product.NewAccountAsync();
        var id = await account.UploadAsync([.. "email,first name\r\nzoe@example.com,Zo"u8, 0xEB, .. "\r\n"u8]);

        using var refused = await account.App.PostAsJsonAsync($"imports/{id}/start", Imports.StartBody(["email", "first_name"], null));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("windows-1252");
        ((string)(await account.GetAsync($"imports/{id}/preview"))["rows"]![0]![1]!).ShouldBe("Zoë");

        await account.StartAsync(id, ["email", "first_name"], new JsonObject { ["encoding"] = "windows-1252" });
        await account.FinishedAsync(id);
        (await account.PeopleAsync())[0].ShouldStartWith("zoe@example.com|Zoë|");
    }

    [Theory]
    [InlineData("PK\u0003\u0004 and so on", "xlsx")]
    [InlineData("%PDF-1.7 and so on", "PDF")]
    [InlineData("a\0\0\0b\0\0\0\0c", "binary")]
    public async Task What_is_no_text_is_refused_by_name(string content, string named)
    {
        var account = await product.NewAccountAsync();

        using var response = await account.PostCsvAsync(Encoding.Latin1.GetBytes(content), "text/csv");

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await response.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    [Fact]
    public async Task A_wrong_mapping_is_refused_before_anything_happens()
    {
        var account = await product.NewAccountAsync();
        var id = await account.UploadAsync("a,b\nx@example.com,y\n");

        await RefusedAsync(account, id, ["first_name", "last_name"], "email_column_missing");
        await RefusedAsync(account, id, ["email", "email"], "mapped_twice");
        await RefusedAsync(account, id, ["email"], "column_count");
        await RefusedAsync(account, id, ["email", 987_654_321L], "not_found");
        ((string)(await account.GetAsync($"imports/{id}"))["state"]!).ShouldBe("uploaded");
    }

    [Fact]
    public async Task A_form_upload_and_another_delimiter_work_too()
    {
        var account = await product.NewAccountAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent("name;mail\r\nZoë;zoe@example.com\r\n"u8.ToArray()), "file", "zoé.csv" } };

        using var response = await account.App.PostAsync(new Uri("imports", UriKind.Relative), form);
        var id = (long)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!;
        var preview = await account.GetAsync($"imports/{id}/preview");

        ((string)preview["delimiter"]!).ShouldBe(";");
        ((string)preview["columns"]![1]!["proposal"]!["target"]!).ShouldBe("email");
        await account.StartAsync(id, ["first_name", "email"], new JsonObject { ["delimiter"] = ";" });
        await account.FinishedAsync(id);
        (await account.PeopleAsync())[0].ShouldStartWith("zoe@example.com|Zoë|");
    }

    [Fact]
    public async Task The_file_is_gone_when_the_import_is_over()
    {
        var account = await product.NewAccountAsync();
        await account.ImportAsync("e\na@example.com\n", ["email"]);

        await Product.EventuallyAsync(
            async () =>
            {
                await using var work = await account.BeginAsync();
                return await Sql.Of($"select count(*) from contacts.import_chunk where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None) == 0;
            },
            "the chunks are removed");
    }

    private static async Task RefusedAsync(TestAccount account, long id, object[] columns, string code)
    {
        using var response = await account.App.PostAsJsonAsync($"imports/{id}/start", Imports.StartBody(columns, null));
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync()).ShouldContain($"\"{code}\"");
    }

    private static async Task<long> TotalAsync(TestAccount account, string kind)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select total from contacts.counter where account_id = {account.Id} and kind = {kind}").FirstAsync<long>(work, CancellationToken.None);
    }

    [Fact]
    public async Task Without_a_browser_the_import_takes_its_own_proposals_and_makes_lists_tags_and_fields()
    {
        var account = await product.NewAccountAsync();
        var import = product.Services.GetRequiredService<IContactImport>();
        await using var file = new MemoryStream(Encoding.UTF8.GetBytes("E-mail,First name,Shoe size\nx@example.org,Xena,39\nbad,Q,1\n"));

        var id = await import.StartAsync(account.Id, account.UserId, "people.csv", file, ["Fair"], ["shoe"], TestContext.Current.CancellationToken);
        await account.FinishedAsync(id);

        var done = await import.ProgressAsync(account.Id, id, TestContext.Current.CancellationToken);
        (done.State, done.Created, done.Rejected).ShouldBe(("finished", 1, 1));
        (await account.PeopleAsync())[0].ShouldStartWith("x@example.org|Xena|||SHOE_SIZE=39|shoe|active|");
    }
}
