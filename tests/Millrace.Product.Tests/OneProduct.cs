namespace Millrace.Product.Tests;

/// <summary>
/// One server for the classes that only ask and never move time: each test makes its own account. They run one after the other, beside the classes that have a
/// server of their own.
/// </summary>
[CollectionDefinition]
public sealed class OneProduct : ICollectionFixture<TestKit.Product>;
