namespace Millrace.Automations.Tests.Conformance;

/// <summary>One rule of how automations behave, as a script against the real server in virtual time.</summary>
/// <param name="Chapter">The chapter of the domain reference.</param>
/// <param name="Name">The rule in words; names the test.</param>
internal sealed record Rule(string Chapter, string Name, Func<Case, Task> Script)
{
    public string Title => $"{Chapter} {Name}";
}

/// <summary>A table of rules.</summary>
internal abstract class RuleTable(string chapter)
{
    private readonly List<Rule> _rules = [];

    public IReadOnlyList<Rule> Rules => _rules;

    protected void Add(string name, Func<Case, Task> script) => _rules.Add(new Rule(chapter, name, script));
}
