using Xunit.Sdk;
using Xunit.v3;

namespace Ark.EndToEnd.Sites;

/// <summary>Runs the tests of a class in the order in which they stand in the file: they share one site, and each leaves it as it found it.</summary>
public sealed class InOrder : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(c => c is IXunitTestCase test ? test.TestMethod.Method.MetadataToken : 0)];
}
