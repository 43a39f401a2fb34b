using Millrace.Kernel.Errors;

namespace Millrace.Segments.Tests;

public sealed class ParserTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    [Theory]
    [InlineData("""{"field":"email' or 1=1--","op":"is","value":"x"}""", "/conditions/field")]
    [InlineData("""{"field":"email","op":"OR 1=1","value":"x"}""", "/conditions/op")]
    [InlineData("""{"field":"a->>'b'","op":"is","value":"x"}""", "/conditions/field")]
    [InlineData("""{"field":"email","op":"gt","value":"x"}""", "/conditions/op")]
    [InlineData("""{"field":"email","op":"is"}""", "/conditions/value")]
    [InlineData("""{"field":"email","op":"blank","value":"x"}""", "/conditions/value")]
    [InlineData("""{"field":"email","op":"is","value":5}""", "/conditions/value")]
    [InlineData("""{"field":"email","op":"is","value":"a\u0000b"}""", "/conditions/value")]
    [InlineData("""{"field":"email","op":"is","value":"a\ud800b"}""", "/conditions/value")]
    [InlineData("""{"field":"email","op":"is","value":"x","more":1}""", "/conditions/more")]
    [InlineData("""{"field":"id","op":"is","value":1e400}""", "/conditions/value")]
    [InlineData("""{"field":"created","op":"is","value":"2024-02-30"}""", "/conditions/value")]
    [InlineData("""{"field":"created","op":"gt","value":"2024-02-20T10:00:00"}""", "/conditions/value")]
    [InlineData("""{"field":"created","op":"in_last","value":"P0D"}""", "/conditions/value")]
    [InlineData("""{"field":"created","op":"in_last","value":"-P3D"}""", "/conditions/value")]
    [InlineData("""{"field":"created","op":"between","value":["2024-02-20"]}""", "/conditions/value")]
    [InlineData("""{"field":"tag","op":"has","value":"VIP"}""", "/conditions/value")]
    [InlineData("""{"field":"tag:7","op":"has","value":7}""", "/conditions/field")]
    [InlineData("""{"field":"list","op":"is","value":"active"}""", "/conditions/field")]
    [InlineData("""{"field":"list:News","op":"is","value":"active"}""", "/conditions/field")]
    [InlineData("""{"field":"list:7","op":"is","value":"gone"}""", "/conditions/value")]
    [InlineData("""{"field":"now.time","op":"gt","value":"25:00"}""", "/conditions/value")]
    [InlineData("""{"field":"now.time","op":"gt","value":"20:00","zone":"moon"}""", "/conditions/zone")]
    [InlineData("""{"field":"place.distance","op":"lte","value":5}""", "/conditions/from")]
    [InlineData("""{"field":"place.distance","op":"lte","value":5,"from":"Berlin"}""", "/conditions/from")]
    [InlineData("""{"field":"place.distance","op":"lte","value":5,"from":"91, 0"}""", "/conditions/from")]
    [InlineData("""{"field":"place.distance","op":"lte","value":5,"from":"NaN, 0"}""", "/conditions/from")]
    [InlineData("""{"field":"place.distance","op":"lte","value":-5,"from":"1, 0"}""", "/conditions/value")]
    [InlineData("""{"field":"place.distance","op":"lte","value":5,"from":"1, 0","unit":"furlong"}""", "/conditions/unit")]
    [InlineData("""{"field":"place.country","op":"is","value":"Germany"}""", "/conditions/value")]
    [InlineData("""{"field":"device.kind","op":"contains","value":"mob"}""", "/conditions/op")]
    [InlineData("""{"activity":"list.subscribed","source":{"op":"blank","value":""}}""", "/conditions/source/op")]
    [InlineData("""{"activity":"nothing.happened"}""", "/conditions/activity")]
    [InlineData("""{"activity":"tag.added","list":3}""", "/conditions/list")]
    [InlineData("""{"activity":"tag.added","tag":"x"}""", "/conditions/tag")]
    [InlineData("""{"activity":"tag.added","times":{"at_least":-1}}""", "/conditions/times")]
    [InlineData("""{"activity":"tag.added","times":{"at_least":1},"never":true}""", "/conditions/times")]
    [InlineData("""{"activity":"tag.added","within":"soon"}""", "/conditions/within")]
    [InlineData("""{"all":[{"any":[{"not":{"field":"nope","op":"is","value":"x"}}]}]}""", "/conditions/all/0/any/0/not/field")]
    [InlineData("""{"all":{}}""", "/conditions/all")]
    [InlineData("""{"all":[],"any":[]}""", "/conditions/any")]
    [InlineData("""[]""", "/conditions")]
    [InlineData("""{"x":1}""", "/conditions")]
    [InlineData("""{"activity":"tag.added","activity":"tag.removed"}""", "/conditions")]
    [InlineData("""{"same":"deal","all":[]}""", "/conditions/same")]
    public void What_is_wrong_is_told_with_its_place(string json, string pointer)
    {
        var error = Should.Throw<InvalidInputException>(() => segments.Parse(json));
        error.Errors.ShouldContain(e => e.Path == pointer && e.Code == "filter_invalid", string.Join(" ", error.Errors));
    }

    [Fact]
    public void Several_mistakes_are_told_at_once() =>
        Should.Throw<InvalidInputException>(() => segments.Parse("""{"all":[{"field":"x","op":"is"},{"field":"email","op":"y"}]}"""))
            .Errors.Select(e => e.Path).ShouldBe(["/conditions/all/0/field", "/conditions/all/1/op"]);

    [Fact]
    public void Limits_hold()
    {
        const string leaf = """{"field":"email","op":"is","value":"x"}""";
        segments.Parse($$"""{"all":[{{string.Join(',', Enumerable.Repeat(leaf, 200))}}]}""");
        Refused($$"""{"all":[{{string.Join(',', Enumerable.Repeat(leaf, 201))}}]}""");
        segments.Parse(Nested(9, leaf));
        Refused(Nested(10, leaf));
        segments.Parse(Values(1000));
        Refused(Values(1001));
        Refused($$"""{"field":"email","op":"is","value":"{{new string('x', 501)}}"}""");

        static string Nested(int groups, string leaf) =>
            string.Concat(Enumerable.Repeat("{\"all\":[", groups)) + leaf + string.Concat(Enumerable.Repeat("]}", groups));
        static string Values(int count) => $$"""{"field":"email","op":"is","value":[{{string.Join(',', Enumerable.Repeat("\"x\"", count))}}]}""";
        void Refused(string json) => Should.Throw<InvalidInputException>(() => segments.Parse(json));
    }

    [Fact]
    public void No_character_of_the_input_reaches_the_sql()
    {
        var tree = segments.Parse("""
            {"any":[{"field":"email","op":"contains","value":"zq'--%_\\"},{"field":"field:7","op":"is","value":"zq2"},
                    {"field":"field:7","op":"has_all","value":["zq3"]},{"field":"list:7","op":"is_not","value":"active"},
                    {"activity":"contact.created","source":"zq4","automation":987654,"step":"zq5","times":{"at_least":87654}}]}
            """);
        var sql = segments.Conditions.Compile(tree, new(1, DateTimeOffset.UnixEpoch, "UTC"));
        sql.ToString().ShouldNotContain("zq");
        sql.ToString().ShouldNotContain("87654");
        sql.Values.ShouldContain(@"%zq'--\%\_\\%");
    }

    [Fact]
    public void Every_condition_describes_itself()
    {
        segments.Catalogue.All.Count.ShouldBeGreaterThan(12);
        foreach (var condition in segments.Catalogue.All)
        {
            condition.Key.ShouldMatch("^[a-z_]+([.][a-z_]+)?$");
            condition.Title.ShouldNotBeNullOrWhiteSpace();
            condition.Group.ShouldNotBeNullOrWhiteSpace();
            condition.Description.ShouldEndWith(".");
            condition.Ops.ShouldNotBeEmpty();
        }
    }
}
