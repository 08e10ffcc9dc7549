namespace Doorward.Policy.Syntax;

/// <summary><c>http_method</c>: matches <see cref="RequestFacts.Method"/>.</summary>
/// <remarks>Reasons <see cref="Reason.HttpMethodOk"/> and <see cref="Reason.HttpMethodUnauthorized"/>.</remarks>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record HttpMethodCriterion(StringMatcher Matcher, Place Place) : Criterion("http_method", FactKinds.Request, Place);

/// <summary><c>http_path</c>: matches <see cref="RequestFacts.Path"/>.</summary>
/// <remarks>Reasons <see cref="Reason.HttpPathOk"/> and <see cref="Reason.HttpPathUnauthorized"/>.</remarks>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record HttpPathCriterion(StringMatcher Matcher, Place Place) : Criterion("http_path", FactKinds.Request, Place);

/// <summary><c>http_host</c>: matches <see cref="RequestFacts.Host"/>.</summary>
/// <remarks>
/// The host, and every operand but a regular expression, is seen with A to Z in lower case. Reasons <see cref="Reason.HttpHostOk"/> and
/// <see cref="Reason.HttpHostUnauthorized"/>.
/// </remarks>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record HttpHostCriterion(StringMatcher Matcher, Place Place) : Criterion("http_host", FactKinds.Request, Place);

/// <summary><c>http_header/&lt;name&gt;</c>: matches all values of a header, as a list.</summary>
/// <remarks>
/// The list is what <see cref="RequestFacts.Header"/> returns; a header that was not sent is an empty list.
/// Reasons <see cref="Reason.HttpHeaderOk"/> and <see cref="Reason.HttpHeaderUnauthorized"/>.
/// </remarks>
/// <param name="Name">The header's name.</param>
/// <param name="Matcher">What its values must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record HttpHeaderCriterion(string Name, ValueMatcher Matcher, Place Place) : Criterion("http_header/" + Name, FactKinds.Request, Place);

/// <summary><c>http_query/&lt;name&gt;</c>: matches all values of a query parameter, as a list.</summary>
/// <remarks>
/// The list is what <see cref="RequestFacts.Query"/> returns; a parameter that was not sent is an empty list.
/// Reasons <see cref="Reason.HttpQueryOk"/> and <see cref="Reason.HttpQueryUnauthorized"/>.
/// </remarks>
/// <param name="Name">The parameter's name.</param>
/// <param name="Matcher">What its values must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record HttpQueryCriterion(string Name, ValueMatcher Matcher, Place Place) : Criterion("http_query/" + Name, FactKinds.Request, Place);

/// <summary><c>cors_preflight</c>.</summary>
/// <remarks>
/// True where the method is exactly <c>OPTIONS</c> and the headers <c>Access-Control-Request-Method</c> and <c>Origin</c> were sent (at
/// least one value each); else false; absent without a request. Reasons <see cref="Reason.CorsRequest"/> when true, else <see cref="Reason.NonCorsRequest"/>.
/// </remarks>
/// <param name="Place">Where its name is written.</param>
public sealed record CorsPreflightCriterion(Place Place) : Criterion("cors_preflight", FactKinds.Request, Place);

/// <summary><c>mcp_tool</c>: matches the tool that a Model Context Protocol message calls.</summary>
/// <remarks>
/// Absent where <see cref="Facts.Mcp"/> is null (the body could not be read), reason <see cref="Reason.McpNotAToolCall"/>. False with the same reason
/// where the method is not exactly <c>tools/call</c>, null included. Otherwise by the tool's name, absent where null: <see cref="Reason.McpToolMatch"/> when true, else
/// <see cref="Reason.McpToolNoMatch"/>.
/// </remarks>
/// <param name="Matcher">What the tool's name must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record McpToolCriterion(StringMatcher Matcher, Place Place) : Criterion("mcp_tool", FactKinds.Mcp, Place);
