using System.Text.Json;
using Millrace.Messaging.Transactional;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Templating;

namespace Millrace.Messaging.Tests.Transactional;

public sealed class ModelTemplateTests
{
    [Theory]
    [InlineData("Hi {{name}}", "{\"name\":\"<b>\"}", "Hi &lt;b&gt;")]
    [InlineData("Hi {{{name}}} {{& name}}", "{\"name\":\"<b>\"}", "Hi <b> <b>")]
    [InlineData("{{a.b.c}}|{{a.x.c}}", "{\"a\":{\"b\":{\"c\":7}}}", "7|")]
    [InlineData("{{#each list}}{{n}}{{../sign}}{{/each}}", "{\"sign\":\"!\",\"list\":[{\"n\":1},{\"n\":2}]}", "1!2!")]
    [InlineData("{{#each list}}{{.}},{{/each}}", "{\"list\":[\"a\",\"b\"]}", "a,b,")]
    [InlineData("{{#user}}{{name}}{{/user}}{{^user}}nobody{{/user}}", "{\"user\":{\"name\":\"Ann\"}}", "Ann")]
    [InlineData("{{#user}}{{name}}{{/user}}{{^user}}nobody{{/user}}", "{\"user\":null}", "nobody")]
    [InlineData("{{#list}}x{{/list}}{{^list}}none{{/list}}", "{\"list\":[]}", "none")]
    [InlineData("{{#each a}}{{#each b}}{{.}}{{/each}};{{/each}}", "{\"a\":[{\"b\":[1,2]},{\"b\":[3]}]}", "12;3;")]
    [InlineData("a{{! not shown }}b {{ no }}}", "{}", "ab }")]
    [InlineData("{{#show}}{{outer}}{{/show}}", "{\"show\":true,\"outer\":\"o\"}", "o")]
    public void Templates_say_what_their_dialect_says(string source, string model, string expected) =>
        ModelTemplate.Parse(source).Render(JsonElement.Parse(model), encode: true).ShouldBe(expected);

    [Theory]
    [InlineData("a\n {{#each x}}", 2, 2)]
    [InlineData("{{/each}}", 1, 1)]
    [InlineData("{{#a}}{{/b}}", 1, 7)]
    [InlineData("{{", 1, 1)]
    [InlineData("{{a b!}}", 1, 1)]
    [InlineData("{{}}", 1, 1)]
    public void What_cannot_be_read_is_told_with_its_place(string source, int line, int column)
    {
        var problem = Should.Throw<ModelTemplateException>(() => ModelTemplate.Parse(source));
        (problem.Line, problem.Column).ShouldBe((line, column));
    }

    [Fact]
    public void Loops_turn_a_thousand_times_and_no_more()
    {
        var model = JsonElement.Parse($"{{\"a\":[{string.Join(',', Enumerable.Repeat("1", 1001))}]}}");
        Should.Throw<ModelTemplateException>(() => ModelTemplate.Parse("{{#each a}}x{{/each}}").Render(model, true));
        Should.Throw<ModelTemplateException>(() => ModelTemplate.Parse(string.Concat(Enumerable.Repeat("{{#a}}", 12)) + string.Concat(Enumerable.Repeat("{{/a}}", 12))));
    }

    [Fact]
    public void A_suggested_model_fills_every_place() =>
        SuggestedModel.Of(ModelTemplate.Parse("{{name}}{{#each items}}{{title}}{{/each}}{{a.b}}")).ToJsonString()
            .ShouldBe("""{"name":"name_Value","items":[{"title":"title_Value"}],"a":{"b":"b_Value"}}""");

    [Fact]
    public void Whatever_stands_in_a_template_it_parses_or_says_why()
    {
        // A million of them with MILLRACE_LONG_FUZZ; a few thousand always.
        var random = new Random(7);
        string[] pieces = ["{{", "}}", "{{{", "}}}", "#each ", "#a", "^a", "/each", "/a", "a", ".", "../", "!", " ", "\n", "@content", "&", "é", "<p>"];
        var rounds = Environment.GetEnvironmentVariable("MILLRACE_LONG_FUZZ") is null ? 5_000 : 1_000_000;
        var model = JsonElement.Parse("""{"a":[{"a":1},{"a":[2]}]}""");
        for (var i = 0; i < rounds; i++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                ModelTemplate.Parse(source).Render(model, true, "c");
            }
            catch (ModelTemplateException)
            {
                // Said why.
            }
        }
    }

    [Fact]
    public void Only_web_links_are_tracked_and_each_once()
    {
        const string html = """<a href="https://a.example/?x=1&amp;y=2">1</a><a href='https://a.example/?x=1&amp;y=2'>2</a><a href=https://b.example/>3</a><a href="mailto:x@y.example">4</a><a href="javascript:alert(1)">5</a><a data-pm-no-track href="https://c.example/">6</a>""";
        MailLinks.Find(html, "see https://d.example/p. And (https://e.example/)", LinkTracking.HtmlAndText)
            .ShouldBe(["https://a.example/?x=1&y=2", "https://b.example/", "https://d.example/p", "https://e.example/"]);
        MailLinks.Replace(html, "", LinkTracking.HtmlOnly, _ => "#").Html
            .ShouldBe("""<a href="#">1</a><a href='#'>2</a><a href=#>3</a><a href="mailto:x@y.example">4</a><a href="javascript:alert(1)">5</a><a data-pm-no-track href="https://c.example/">6</a>""");
        MailLinks.Find(html, "https://d.example/", LinkTracking.None).ShouldBeEmpty();
    }
}
