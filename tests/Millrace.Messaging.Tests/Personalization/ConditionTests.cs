using Millrace.Messaging.Personalization;
using static Millrace.Messaging.Tests.Personalization.Rendering;

namespace Millrace.Messaging.Tests.Personalization;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("in_array('vip', tags)", true)]
    [InlineData("in_array('Other', $TAGS)", false)]
    [InlineData("!in_array('Other', tags)", true)]
    [InlineData("CITY == 'bonn'", true)]
    [InlineData("$CITY = \"Bonn\"", true)]
    [InlineData("%CITY% != 'Bonn'", false)]
    [InlineData("AGE > 4", true)]
    [InlineData("AGE >= 30 && AGE < 31", true)]
    [InlineData("AGE < 18 || CITY == 'Bonn'", true)]
    [InlineData("!(AGE < 18 || CITY == 'Bonn')", false)]
    [InlineData("PHONE", false)]
    [InlineData("in_array('newsletter', lists)", true)]
    [InlineData("in_array('Other', lists)", false)]
    [InlineData("in_array('dark blue', COLOURS) && !in_array('blue', COLOURS)", true)]
    [InlineData("BIRTHDAY == '2024-02-29'", true)]
    [InlineData("BIRTHDAY < TODAY-2Y", true)]
    [InlineData("BIRTHDAY < TODAY-3Y", false)]
    [InlineData("%BIRTHDAY+1Y% == '2025-02-28'", true)]
    [InlineData("TODAY == '2026-11-21'", true)]
    [InlineData("TODAY+1W > '2026-11-27' && TODAY+1W < '2026-11-29'", true)]
    [InlineData("PHONE < 5", false)]
    [InlineData("PHONE > 5", false)]
    [InlineData("AGE == 30.0", true)]
    [InlineData("AGE > -1", true)]
    [InlineData("((AGE > 1 && AGE < 2) || (CITY == 'Bonn' && !(AGE == 3)))", true)]
    [InlineData("FIRSTNAME+3D == ''", null)]
    [InlineData("AGE & CITY", null)]
    [InlineData("AGE and CITY", null)]
    [InlineData("AGE => 3", null)]
    [InlineData("AGE > 1.2.3", null)]
    [InlineData("in_array('x', colours)", null)]
    [InlineData("in_array(VIP, tags)", null)]
    [InlineData("SHOW:1", null)]
    [InlineData("FIRSTNAME", true)]
    [InlineData("NOSUCH == ''", true)]
    [InlineData("CITY == '100% sure'", false)]
    [InlineData("true_or_false", null)]
    [InlineData("__class__", null)]
    [InlineData("env('PATH')", null)]
    [InlineData("CITY ==", null)]
    [InlineData("CITY == 'x", null)]
    [InlineData("(CITY", null)]
    [InlineData("CITY CITY", null)]
    public void A_condition_decides(string condition, bool? holds)
    {
        var source = $"%IF {condition}%yes%ELSE%no%/IF%";

        if (holds is { } expected)
        {
            Render(source).ShouldBe(expected ? "yes" : "no");
        }
        else
        {
            Problem(source).Code.ShouldBeOneOf("template_invalid", "unknown_name");
        }
    }

    [Theory]
    [InlineData("5", "child")]
    [InlineData("15", "teen")]
    [InlineData("50", "adult")]
    public void The_first_true_branch_is_taken(string age, string expected) => Render(
        "%IF AGE < 10%child%ELSEIF AGE < 20%teen%ELSE%adult%/IF%",
        recipient: Ann with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["AGE"] = age } }).ShouldBe(expected);

    [Fact]
    public void Conditions_nest() =>
        Render("a%IF CITY%b%IF PHONE%c%ELSE%d%/IF%e%/IF%f").ShouldBe("abdef");

    [Fact]
    public void Encoded_operators_of_an_HTML_body_are_understood() =>
        Render("<p>%IF AGE &gt; 3 &amp;&amp; CITY == 'Bonn'%yes%/IF%</p>", TemplateKind.Html).ShouldBe("<p>yes</p>");

    [Theory]
    [InlineData("%IF AGE%x")]
    [InlineData("%/IF%")]
    [InlineData("%ELSE%")]
    [InlineData("%IF AGE%%ELSE%%ELSE%%/IF%")]
    [InlineData("%IF AGE = 'unclosed")]
    public void Unbalanced_conditions_are_refused(string source) => Problem(source).Code.ShouldBe("template_invalid");

    [Fact]
    public void The_problem_names_line_and_column() =>
        (Problem("one\ntwo %IF AGE%x") is { Line: 2, Column: 5 }).ShouldBeTrue();

    [Theory]
    [InlineData("one %IF AGE && CTY ==%x%/IF%", 22, "lacks a field")]
    [InlineData("%IF AGE and CITY%x%/IF%", 9, "and is written &&")]
    [InlineData("%IF in_aray('x', tags)%x%/IF%", 5, "Did you mean in_array?")]
    [InlineData("%IF in_array('x', tag)%x%/IF%", 19, "Did you mean tags?")]
    [InlineData("%IF age > 3%x%/IF%", 5, "Fields are written in capitals: AGE.")]
    public void The_very_piece_of_a_condition_is_named(string source, int column, string says)
    {
        var problem = Problem(source);

        problem.Message.ShouldContain(says);
        problem.Column.ShouldBe(column);
    }

    [Fact]
    public void Condition_trees_are_asked_by_number()
    {
        var program = TemplateProgram.Compile("%IF SHOW:1%a%/IF%%IF !SHOW:2%b%/IF%%IF SHOW:2 && AGE%c%/IF%", TemplateKind.Text, Catalogue, new SlotTable { Trees = 2 });

        program.Render(new RenderContext(["30"], Ann.Tags) { Shown = 0b01 }).ShouldBe("ab");
        program.Render(new RenderContext(["30"], Ann.Tags) { Shown = 0b10 }).ShouldBe("c");
    }

    [Fact]
    public void Eleven_nested_conditions_are_refused()
    {
        var ten = string.Concat(Enumerable.Repeat("%IF AGE%", 10)) + "x" + string.Concat(Enumerable.Repeat("%/IF%", 10));

        Render(ten).ShouldBe("x");
        Problem("%IF AGE%" + ten + "%/IF%").Code.ShouldBe("template_invalid");
        Problem($"%IF {new string('(', 11)}AGE{new string(')', 11)}%x%/IF%").Code.ShouldBe("template_invalid");
    }

    [Fact]
    public void More_than_5000_tags_are_refused() =>
        Problem(string.Concat(Enumerable.Repeat("%EMAIL%", 5001))).Code.ShouldBe("template_invalid");

    [Fact]
    public void A_branch_that_opens_markup_it_does_not_close_is_refused() =>
        Problem("<a title=\"%IF AGE%x\">%/IF%", TemplateKind.Html).Code.ShouldBe("template_invalid");
}
