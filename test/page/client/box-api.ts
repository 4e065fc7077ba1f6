/** A client of the box, generated from its description: `npx vitest run test/page/openapi.long.test.ts -u` writes it anew. */
/* biome-ignore-all format: generated */
/* biome-ignore-all lint: generated */

export type DaySheetView = { readonly day: string; readonly lane?: string; readonly lanes: readonly (SheetLane)[]; readonly isToday: boolean; readonly isFinal: boolean; readonly isEmpty: boolean; readonly openings: SheetSum; readonly extra: SheetSum; readonly passages: SheetSum; readonly payments: SheetSum; readonly owed: SheetSum; readonly pairs: SheetSum; readonly ahead: { readonly told: number; readonly used: number }; readonly balances: readonly (Balance)[]; readonly unseen: readonly (SheetUnseen)[]; readonly gaps: readonly (SheetGap)[]; readonly questions: readonly (SheetQuestion)[]; readonly moreQuestions: number; readonly byLane: readonly (SheetLine)[]; readonly byHour: readonly (SheetLine)[]; readonly byOperator: readonly (SheetLine)[]; readonly byShift: readonly (ShiftLine)[]; readonly trend: readonly (SheetLine)[]; readonly patterns: readonly (Pattern)[]; readonly reviewed: { readonly openDays: number; readonly records: number; readonly closed: number; readonly inDay: number }; readonly asks: readonly (Text)[]; readonly review: readonly (Text)[]; readonly records: readonly ({ readonly lane: string; readonly releaseId: string; readonly id: number; readonly desc: Text; readonly picture: "pending" | "attached" | "none" })[] };

export type DaySheet = { readonly day: string; readonly lane?: string; readonly lanes: readonly (SheetLane)[]; readonly isToday: boolean; readonly isFinal: boolean; readonly isEmpty: boolean; readonly openings: SheetSum; readonly extra: SheetSum; readonly passages: SheetSum; readonly payments: SheetSum; readonly owed: SheetSum; readonly pairs: SheetSum; readonly ahead: { readonly told: number; readonly used: number }; readonly balances: readonly (Balance)[]; readonly unseen: readonly (SheetUnseen)[]; readonly gaps: readonly (SheetGap)[]; readonly questions: readonly (SheetQuestion)[]; readonly moreQuestions: number; readonly byLane: readonly (SheetLine)[]; readonly byHour: readonly (SheetLine)[]; readonly byOperator: readonly (SheetLine)[]; readonly byShift: readonly (ShiftLine)[]; readonly trend: readonly (SheetLine)[]; readonly patterns: readonly (Pattern)[]; readonly reviewed: { readonly openDays: number; readonly records: number; readonly closed: number; readonly inDay: number } };

export type SheetLane = { readonly id: string; readonly name: string };

export type SheetSum = { readonly total: number; readonly columns: readonly (SheetColumn)[] };

export type SheetColumn = { readonly column: Column; readonly count: number; readonly amount: number };

export type Column = string;

export type Balance = { readonly equation: Equation; readonly left: number; readonly right: number };

export type Equation = "vehicles" | "paid" | "paidLate";

export type SheetUnseen = { readonly lane: string; readonly times: number; readonly forMs: number; readonly lasts: boolean };

export type SheetGap = { readonly equation: Equation; readonly left: number; readonly right: number; readonly hour: number; readonly lane: string };

export type Unclosed = { readonly equation: Equation; readonly left: number; readonly right: number; readonly hour: number };

export type SheetQuestion = { readonly kind: OpenQuestionKind; readonly atWallMs: number; readonly releaseId?: string; readonly captureId?: string; readonly plate?: string; readonly grantId?: string; readonly lane: string };

export type OpenQuestion = { readonly kind: OpenQuestionKind; readonly atWallMs: number; readonly releaseId?: string; readonly captureId?: string; readonly plate?: string; readonly grantId?: string };

export type OpenQuestionKind = "openingWithoutPassage" | "passageUnclear" | "paymentWithoutPassage" | "coverWithoutPayment";

export type SheetLine = { readonly key: string; readonly openings: number; readonly passages: number; readonly byHand: number; readonly nobody: number; readonly covered: number; readonly reported: number; readonly tailgating: number; readonly review: number; readonly withdrawn: number; readonly payments: number; readonly amount: number; readonly unpaid: number; readonly withoutSum: number; readonly owedTold: number; readonly owedEstimated: number; readonly pairs: number };

export type ShiftLine = { readonly key: string; readonly openings: number; readonly passages: number; readonly byHand: number; readonly nobody: number; readonly covered: number; readonly reported: number; readonly tailgating: number; readonly review: number; readonly withdrawn: number; readonly payments: number; readonly amount: number; readonly unpaid: number; readonly withoutSum: number; readonly owedTold: number; readonly owedEstimated: number; readonly pairs: number; readonly operator: string; readonly sinceWallMs: number };

export type Pattern = ({ readonly lane: string; readonly operator: string; readonly count: number; readonly per100: number; readonly median100: number; readonly chance100: number; readonly kind: "handOpenings" } | { readonly kind: "remoteUnsigned"; readonly count: number; readonly of: number } | { readonly kind: "samePlate"; readonly plate: string; readonly count: number });

export type HandOpenings = { readonly lane: string; readonly operator: string; readonly count: number; readonly per100: number; readonly median100: number; readonly chance100: number };

export type Text = { readonly zh: string; readonly en: string };

export type MonthSheetView = { readonly month: string; readonly lane?: string; readonly isFinal: boolean; readonly days: readonly (SheetLine)[]; readonly byOperator: readonly (MonthLine)[]; readonly total: SheetLine; readonly before: SheetLine; readonly lanes: readonly (SheetLane)[] };

export type MonthSheet = { readonly month: string; readonly lane?: string; readonly isFinal: boolean; readonly days: readonly (SheetLine)[]; readonly byOperator: readonly (MonthLine)[]; readonly total: SheetLine; readonly before: SheetLine };

export type MonthLine = { readonly key: string; readonly openings: number; readonly passages: number; readonly byHand: number; readonly nobody: number; readonly covered: number; readonly reported: number; readonly tailgating: number; readonly review: number; readonly withdrawn: number; readonly payments: number; readonly amount: number; readonly unpaid: number; readonly withoutSum: number; readonly owedTold: number; readonly owedEstimated: number; readonly pairs: number; readonly shifts: number };

export type PaymentSheetView = PaymentSheet;

export type PaymentSheet = { readonly day: string; readonly lines: readonly (PaymentLine)[]; readonly notCounted: readonly (GrantFateAnswer)[]; readonly moreNotCounted: number };

export type PaymentLine = { readonly sender: string; readonly till?: string; readonly told: PaymentSum; readonly by: { readonly waiting: PaymentSum; readonly used: PaymentSum; readonly late: PaymentSum; readonly unused: PaymentSum; readonly expired: PaymentSum; readonly repeated: PaymentSum; readonly replaced: PaymentSum; readonly cancelled: PaymentSum } };

export type PaymentSum = { readonly count: number; readonly amount: number };

export type GrantFateAnswer = { readonly id: string; readonly status: GrantStatus; readonly why: string; readonly sender: string; readonly till?: string; readonly lane?: string; readonly plate?: string; readonly amount?: number; readonly count: number; readonly left: number; readonly toldAt: string; readonly uses: readonly ({ readonly lane: string; readonly way: string; readonly at: string })[]; readonly endedAt?: string };

export type GrantStatus = "waiting" | "used" | "late" | "unused" | "expired" | "repeated" | "replaced" | "cancelled";

export type PaymentFateView = GrantFateAnswer;

export type TodayBrief = { readonly passages: number; readonly byHand: number; readonly tailgating: number; readonly byLane: readonly ({ readonly lane: string; readonly passages: number; readonly byHand: number; readonly tailgating: number })[] };

export type SheetFilter = { readonly month?: string; readonly day?: string; readonly lane?: string; readonly own?: readonly (string)[] };

export type DutyView = { readonly lanes: readonly ({ readonly id: string; readonly name: string; readonly operator?: string; readonly by?: "message" | "pin" | "roster"; readonly sinceWallMs?: number })[]; readonly operators: readonly (string)[]; readonly booths: readonly ({ readonly name: string; readonly lanes: readonly (string)[] })[]; readonly open: number; readonly openMore?: true; readonly oddities: readonly ({ readonly lane: string; readonly fromWallMs: number; readonly toWallMs: number; readonly operators: readonly (string)[] })[]; readonly vehicles: number };

export type MarkRow = KeptMark;

export type KeptMark = { readonly kind: MarkKind; readonly who: string; readonly from: string; readonly reason?: string; readonly words?: string; readonly plate?: string; readonly amount?: number; readonly atWallMs: number };

export type Mark = { readonly kind: MarkKind; readonly who: string; readonly from: string; readonly reason?: string; readonly words?: string; readonly plate?: string; readonly amount?: number };

export type MarkKind = "checked" | "wrong" | "owed" | "recovered" | "open" | "answer";

export type ReviewView = { readonly marks: readonly (MarkRow)[]; readonly droppedBy?: string; readonly front?: { readonly plate: string; readonly beforeMs: number; readonly isPaid: boolean; readonly record?: number; readonly hasPicture?: true }; readonly reasons: readonly (string)[] };

export type DecidedRecords = { readonly decided: readonly ({ readonly id: number; readonly sending: "reported" | "dropped" | "agreed" | "goesOut" | "unchanged" | "gone" })[]; readonly notKept: readonly (number)[] };

export type ReviewVerdict = "checked" | "wrong" | "owed";

export type VehicleCsvResult = { readonly taken: number; readonly removed: number; readonly waits?: true };

export type UserRole = "booth" | "viewer" | "operator" | "auditor" | "installer";

export type Right = (UserRole | "office");

export type PageProblemCode = ProblemCode;

export type ProblemCode = "setup" | "unauthorized" | "wrongPassword" | "wrongCode" | "weakPassword" | "wrongPin" | "pinToChange" | "weakPin" | "forbidden" | "otherLane" | "foreign" | "plainHttp" | "notTheCamera" | "tooManyRequests" | "notFound" | "methodNotAllowed" | "mediaType" | "tooLarge" | "lengthRequired" | "malformed" | "slow" | "encoding" | "json" | "invalid" | "conflict" | "busy" | "unavailable" | "full" | "broken";

export type PageProblem = { readonly type: string; readonly title: string; readonly status: number; readonly code: PageProblemCode; readonly detail: string; readonly errors?: readonly ({ readonly field: string; readonly message: string })[] };

export type SessionInfo = { readonly state: "setup" | "login" | "in"; readonly user?: string; readonly role?: UserRole; readonly demo: boolean; readonly version: string; readonly fingerprint?: string };

export type UserRow = { readonly user: string; readonly role: UserRole; readonly lanes?: readonly (string)[]; readonly lastLoginWallMs?: number };

export type Level = "ok" | "warn" | "error";

export type BoxComplaint = { readonly id: string; readonly level: Level; readonly text: Text; readonly todo?: Text; readonly details?: Text; readonly follows?: readonly (Text)[]; readonly page?: PageName; readonly lane?: string };

export type PageName = "overview" | "releases" | "inbox" | "duty" | "queue" | "account" | "wizard" | "signals" | "config" | "pushes" | "diagnostics" | "logs" | "backup" | "privacy" | "users" | "api" | "about";

export type Overview = { readonly atWallMs: number; readonly parkUuid: string; readonly headline: BoxComplaint; readonly complaints: readonly (BoxComplaint)[]; readonly lanes: readonly (LaneLive)[]; readonly devices: readonly (DeviceLive)[]; readonly queue: QueueBrief; readonly clock: ClockLive; readonly disk: DiskLive; readonly backup?: BackupLive; readonly destinations?: readonly (DestinationRow)[]; readonly today?: TodayBrief; readonly config: { readonly state: "new" | "good" | "broken" | "reverted" | "trial"; readonly faults: number }; readonly waiting?: WaitingChange };

export type LaneLive = { readonly id: string; readonly name: string; readonly direction: "entry" | "exit" | "both"; readonly arm: "closed" | "opening" | "open" | "closing" | "unknown" | "fault"; readonly armForMs: number; readonly levels: { readonly [name: string]: boolean | null }; readonly occupiedForMs: { readonly [name: string]: number }; readonly degraded: readonly (string)[]; readonly modes: readonly (string)[]; readonly maintenance?: { readonly untilWallMs?: number; readonly reason?: string }; readonly alarms: readonly ({ readonly code: string; readonly text: Text; readonly details?: Text })[]; readonly hiddenViews: readonly ({ readonly camera: string; readonly why: "cameraCovered" | "cameraFrozen" })[]; readonly openingForMs?: number; readonly granted: boolean; readonly bodies: number; readonly passages: number; readonly lastPlate?: { readonly text: string; readonly color?: string; readonly atWallMs: number }; readonly lastRelease?: ReleaseListRow; readonly lastGap?: { readonly fromWallMs: number; readonly toWallMs: number; readonly what: Text }; readonly camera?: string; readonly second?: { readonly camera: string; readonly looks: "front" | "rear" }; readonly reporting: ReportingView; readonly joinedPulses?: { readonly pulses: number; readonly joined: number } };

export type ReleaseListRow = { readonly id: number; readonly serial: string; readonly laneId: string; readonly laneName: string; readonly releaseWallMs: number; readonly method: string; readonly desc: Text; readonly reason: Text; readonly confidence: string; readonly score?: number; readonly plate?: string; readonly plateColor?: string; readonly state: RecordState; readonly picture: "pending" | "attached" | "none"; readonly attempts: number; readonly lastWhy?: Text; readonly seqno?: string; readonly timeQuality: "synced" | "corrected" | "manual" | "estimated" | "unknown"; readonly waits?: Text; readonly nextTryInMs?: number; readonly deliveredWallMs?: number; readonly operator?: string; readonly operatorBy?: "command" | "message" | "pin" | "roster"; readonly owed?: { readonly by: "told" | "tariff"; readonly amount: number; readonly wallMs: number }; readonly mark?: MarkRow; readonly answer?: MarkRow; readonly beside?: readonly ("before" | "after" | "second")[]; readonly wishedAway?: { readonly who: string; readonly why: string; readonly atWallMs: number } };

export type RecordState = "waiting" | "held" | "parked" | "delivered" | "withdrawn" | "review" | "kept" | "dropped";

export type ReportingView = { readonly earned?: { readonly how: EarnedHow; readonly by?: string; readonly reason?: string }; readonly missing: readonly (ReportingProof)[] };

export type EarnedHow = (ProofWay | "signed" | "before");

export type ProofWay = "messages" | "relay" | "list";

export type ReportingProof = { readonly way: ProofWay; readonly have: number; readonly need: number; readonly wordMissing?: true };

export type DeviceLive = { readonly id: string; readonly kind: "line" | "device" | "gpio" | "camera"; readonly port?: string; readonly state: "ok" | "down" | "unknown"; readonly downForMs?: number; readonly lastFault?: Text; readonly unproven?: readonly ({ readonly code: string; readonly text: Text })[]; readonly roundMs?: number; readonly turnaroundMs?: number; readonly wireShare?: number; readonly faults: number };

export type QueueBrief = { readonly waiting: number; readonly held: number; readonly parked: number; readonly review: number; readonly kept: number; readonly delivered: number; readonly oldestForMs?: number; readonly nextTryInMs?: number; readonly uploader: "working" | "idle" | "offline" | "paused" | "refused"; readonly offlineForMs?: number; readonly paused?: { readonly who: string; readonly untilWallMs: number }; readonly why?: Text; readonly detail?: string };

export type ClockLive = { readonly quality: "synced" | "corrected" | "manual" | "estimated" | "unknown"; readonly errorMs?: number; readonly wallMs: number };

export type DiskLive = { readonly wear?: { readonly bytesPerDay: number; readonly years: number }; readonly freeBytes: number; readonly framesBytes: number; readonly framesMaxBytes: number; readonly kept?: { readonly profile: "short" | "month" | "year"; readonly framesMs: number; readonly recordsMs: number; readonly forecast?: { readonly days: number; readonly lost?: { readonly dayWallMs: number; readonly fromWallMs: number } } }; readonly daysLeft?: number; readonly stalled?: "full" | "readonly" | "io" | "busy"; readonly unkept?: { readonly records: number; readonly delivered: number }; readonly damage?: { readonly agoMs: number; readonly saved?: { readonly records: number; readonly unreadable: number; readonly lostPages: number } } };

export type BackupLive = { readonly lastWallMs?: number; readonly testedWallMs?: number; readonly kept: number; readonly fault?: Text };

export type DestinationRow = { readonly name: string; readonly kind: string; readonly state: "idle" | "working" | "failing" | "paused" | "stopped"; readonly waiting: number; readonly oldestForMs?: number; readonly arrived: number; readonly failed: number; readonly lastError?: Text };

export type WaitingChange = { readonly id: string; readonly kind: WaitingKind; readonly by: string; readonly sinceWallMs: number; readonly dueInMs: number; readonly lanes: readonly (string)[]; readonly changes: readonly ({ readonly path: string; readonly before?: string; readonly after?: string })[]; readonly more?: number };

export type WaitingKind = "settings" | "vehicles" | "restore" | "provision";

export type ReleaseList = { readonly items: readonly (ReleaseListRow)[]; readonly next?: number; readonly total: number; readonly more?: true; readonly methods: readonly ({ readonly value: string; readonly text: Text })[] };

export type ReleaseDetail = { readonly row: ReleaseListRow; readonly facts: readonly ({ readonly atWallMs?: number; readonly text: Text })[]; readonly beside: { readonly before: boolean; readonly after: boolean; readonly second: boolean }; readonly pictureWhy?: Text; readonly request: readonly ({ readonly name: string; readonly value: string })[]; readonly tries: readonly (TryRow)[]; readonly comparison?: Text; readonly can: readonly ("report" | "dismiss" | "retry" | "correct")[]; readonly wishedAway?: { readonly who: string; readonly why: string; readonly atWallMs: number } };

export type TryRow = { readonly status?: number; readonly code?: string; readonly message?: string; readonly hint?: string; readonly seqno?: string; readonly atWallMs: number; readonly why: Text };

export type PlatformAnswer = { readonly status?: number; readonly code?: string; readonly message?: string; readonly hint?: string; readonly seqno?: string };

export type Timeline = { readonly fromWallMs: number; readonly toWallMs: number; readonly releaseWallMs: number; readonly signals: readonly ({ readonly role: string; readonly before: boolean | null; readonly edges: readonly ({ readonly atWallMs: number; readonly level: boolean | null })[] })[]; readonly marks: readonly ({ readonly atWallMs: number; readonly text: Text })[] };

export type QueueView = { readonly brief: QueueBrief; readonly causes: readonly ({ readonly state: RecordState; readonly why: Text; readonly detail?: string; readonly count: number; readonly oldestWallMs: number; readonly nextTryInMs?: number })[]; readonly items: readonly (ReleaseListRow)[]; readonly destinations: readonly (DestinationRow)[] };

export type SignalReading = { readonly device: string; readonly point: string; readonly kind: "level" | "pulses"; readonly value: number; readonly atWallMs: number; readonly uncertaintyMs: number };

export type SignalsView = { readonly points: readonly ({ readonly device: string; readonly point: string; readonly uses: readonly ({ readonly lane: string; readonly role: string; readonly activeLow: boolean })[]; readonly value: number | null; readonly edges: readonly ({ readonly atWallMs: number; readonly value: number })[] })[]; readonly lines: readonly ({ readonly id: string; readonly port: string; readonly devices: readonly ({ readonly id: string; readonly kind: string; readonly profile?: string; readonly unit?: number })[] })[] };

export type IntakeAddresses = { readonly urls: readonly (string)[]; readonly certificate?: { readonly fingerprint: string; readonly pin: string } };

export type IntakeView = { readonly urls: readonly (string)[]; readonly certificate?: { readonly fingerprint: string; readonly pin: string }; readonly channels: readonly ({ readonly id: string; readonly up: boolean; readonly forMs: number; readonly heardAgoMs?: number })[]; readonly senders: readonly ({ readonly sender: string; readonly offsetMs: number })[]; readonly smallSums: readonly (string)[]; readonly inClear: readonly (string)[]; readonly uncounted: readonly ({ readonly atWallMs: number; readonly status: "expired" | "ignored" | "unverified" | "reusedId"; readonly sender: string; readonly id?: string; readonly lane?: string; readonly plate?: string; readonly reason: Text })[]; readonly uncountedCount: number; readonly refused: readonly (RefusedSenderView)[] };

export type IgnoredMessage = { readonly status: "expired" | "ignored" | "unverified" | "reusedId"; readonly sender: string; readonly id?: string; readonly lane?: string; readonly plate?: string; readonly reason: Text };

export type RefusedSenderView = { readonly from: string; readonly holder?: string; readonly path?: string; readonly why: Text; readonly todo: Text; readonly count: number; readonly firstWallMs: number; readonly lastWallMs: number };

export type PushesView = { readonly cameras: readonly ({ readonly id: string; readonly name?: Text; readonly kind?: string; readonly counts: { readonly read: number; readonly none: number; readonly repeated: number; readonly late: number; readonly refused: number }; readonly rows: readonly (PushView)[] })[] };

export type PushView = { readonly count: number; readonly capture?: number; readonly way: PushWay; readonly from?: string; readonly path?: string; readonly type?: string; readonly bytes?: number; readonly outcome: PushOutcome; readonly why?: PushWhy; readonly plate?: string; readonly confidence?: number; readonly unrated?: true; readonly picture?: PushPicture; readonly atWallMs: number; readonly firstWallMs: number; readonly what?: Text };

export type PushWay = "push" | "stream" | "mqtt" | "api";

export type PushOutcome = "read" | "none" | "repeated" | "late" | "refused";

export type PushWhy = "refined" | "noRead" | "noPlate" | "notPlate" | "witness" | "otherLane" | "secondChannel" | "sameId" | "sameVehicle" | "replayed" | "old" | "retained" | "unknownCamera" | "notTheCamera" | "notTheSystem" | "badSignature" | "notInForm" | "otherCharset" | "tooManyPayments" | "unauthorized" | "noToken" | "methodNotAllowed" | "tooManyRequests" | "malformed" | "tooLarge" | "slow" | "notUnderstood" | "invalid" | "full" | "broken";

export type PushPicture = "came" | "named" | "skipped";

export type ObservationList = { readonly items: readonly ({ readonly id: number; readonly lane: string; readonly fromWallMs: number; readonly toWallMs: number; readonly lasts?: true; readonly what: Text; readonly counted?: Text })[] };

export type EvidenceView = { readonly signed?: { readonly chain: string; readonly last: number; readonly head: string; readonly atWallMs: number; readonly key: string; readonly ways: readonly (string)[]; readonly boxes?: number } };

export type PersonLines = { readonly lines: readonly (string)[] };

export type VerifyResult = { readonly fits: boolean; readonly lines: readonly (string)[] };

export type JobKind = "scan" | "learn" | "teach" | "snapshot" | "rehearse" | "readRow" | "confirm" | "diagnose" | "verify" | "apply" | "restore" | "provision" | "update";

export type Job = { readonly id: string; readonly kind: JobKind; readonly state: "running" | "done" | "failed" | "cancelled"; readonly part?: number; readonly leftMs?: number; readonly now: Text; readonly result?: JobResult; readonly error?: Text };

export type JobResult = (ScanResult | LearnResult | TeachResult | SnapshotResult | UnconfirmedResult | RehearsalResult | RowRehearsal | DiagnoseResult | VerifyResult | ApplyResult | RestoreResult);

export type ScanResult = { readonly found: readonly ({ readonly unit: number; readonly baudRate: number; readonly parity: string; readonly answers: Text; readonly device?: string; readonly profiles: readonly (string)[]; readonly unproven?: { readonly [name: string]: readonly ({ readonly code: string; readonly text: Text })[] } })[]; readonly garbled: readonly ({ readonly unit: number; readonly baudRate: number; readonly parity: string })[] };

export type LearnResult = { readonly device: string; readonly point: string; readonly activeLow: boolean; readonly others: readonly (string)[]; readonly taken?: string; readonly pulsesOnly?: true };

export type TeachResult = { readonly lane: string; readonly roles: readonly (TaughtRole)[]; readonly asks: readonly (TaughtAsk)[]; readonly unexplained: readonly (string)[]; readonly chattering: readonly (string)[]; readonly fromMs: number; readonly toMs: number; readonly waves: readonly ({ readonly at: string; readonly before: boolean | null; readonly edges: readonly ({ readonly atMs: number; readonly level: boolean })[] })[] };

export type TaughtRole = { readonly role: string; readonly device: string; readonly point: string; readonly activeLow: boolean; readonly confidence: "sure" | "likely"; readonly others: readonly (string)[]; readonly maybe: readonly (string)[] };

export type TaughtAsk = "again" | "slower" | "empty" | "press";

export type SnapshotResult = { readonly bytes: number; readonly tookMs: number; readonly width?: number; readonly height?: number; readonly confirmed?: { readonly sha256: string; readonly by: string; readonly at: string } };

export type UnconfirmedResult = { readonly unconfirmed: { readonly sent: string; readonly sha256: string } };

export type RehearsalResult = { readonly ok: boolean; readonly answer: TryRow; readonly comparison?: Text; readonly next: Text; readonly serial: string; readonly to?: string };

export type RowRehearsal = { readonly system: string; readonly row: readonly (NamedValue)[]; readonly payment: readonly (NamedValue)[]; readonly left?: Text; readonly problems: readonly ({ readonly field: string; readonly message: Text })[]; readonly fault?: { readonly what: Text; readonly todo: Text; readonly detail: Text } };

export type NamedValue = { readonly name: string; readonly value: string | number };

export type DiagnoseResult = { readonly checks: readonly ({ readonly name: Text; readonly level: Level; readonly found: Text; readonly todo?: Text })[] };

export type ApplyResult = { readonly state: "trial" | "reverted" | "waits"; readonly faults: readonly (ShownConfigFault)[]; readonly why?: Text };

export type ShownConfigFault = { readonly path: string; readonly line: number; readonly column: number; readonly message: Text; readonly hint: Text; readonly code: string; readonly file: "config" | "secrets" };

export type RestoreResult = { readonly [name: string]: unknown };

export type PortRow = { readonly port: string; readonly device: string; readonly stable: boolean; readonly label: string; readonly latencyMs?: number; readonly heldBy?: string };

export type ReceivedRow = { readonly atWallMs: number; readonly kind: "grant" | "plate"; readonly lane?: string; readonly plate?: string; readonly source: string; readonly expired?: true };

export type ConfigView = { readonly yaml: string; readonly base: string; readonly faults: readonly (ShownConfigFault)[]; readonly state: "new" | "good" | "broken" | "reverted" | "trial"; readonly trialLeftMs?: number; readonly secrets: readonly ({ readonly name: string; readonly set: boolean; readonly usedBy: readonly (string)[] })[]; readonly value?: unknown; readonly inForceYaml?: string };

export type ConfigCheck = { readonly faults: readonly (ShownConfigFault)[]; readonly value?: unknown };

export type HistoryRow = { readonly id: string; readonly savedWallMs: number; readonly by: string; readonly changedLines: number };

export type LogRow = { readonly n: number; readonly atWallMs: number; readonly level: "debug" | "info" | "warn" | "error"; readonly text: Text; readonly ids: { readonly [name: string]: string } };

export type UpdateView = { readonly version: string; readonly cannot?: Text };

export type ProvisionView = { readonly name: string; readonly key: string; readonly operator?: string };

export type ProvisionLook = { readonly signedBy: string; readonly trusted: boolean; readonly madeWallMs: number; readonly note: string; readonly lines: readonly (Text)[] };

export type AuditRow = { readonly atWallMs: number; readonly user: string; readonly what: Text };

export type About = { readonly version: string; readonly node: string; readonly system: string; readonly fingerprint?: string; readonly licences: readonly ({ readonly name: string; readonly version: string; readonly licence: string })[] };

export type LabelView = { readonly name: string; readonly urls: readonly (string)[]; readonly fingerprint?: string; readonly network?: { readonly name: string; readonly key: string; readonly urls: readonly (string)[] }; readonly codes: { readonly page: readonly (string)[]; readonly network?: readonly (string)[] } };

export type DemoCar = { readonly car: "paid" | "manual" | "tailgater" | "trailer" };

export type DemoFaults = readonly ({ readonly name: string; readonly text: Text; readonly on: boolean })[];

export type CommissioningChoices = { readonly ports: readonly (PortRow)[]; readonly profiles: readonly (ProfileRow)[]; readonly lanes: readonly ({ readonly id: string; readonly name: string; readonly camera?: string })[]; readonly lines: readonly ({ readonly id: string; readonly port: string; readonly listenOnly: boolean; readonly devices: readonly (string)[] })[]; readonly free: readonly (string)[]; readonly cameras: readonly (string)[]; readonly addresses: readonly (string)[]; readonly doubtful: readonly ({ readonly camera: string; readonly sent: string; readonly sha256: string; readonly why: "unconfirmed" | "byUpdate" })[]; readonly unconfirmed: readonly (NearPeer)[]; readonly roles: readonly (string)[]; readonly cloudMode?: "integration" | "production"; readonly cloudUrl?: string; readonly platforms: readonly ({ readonly name: string; readonly mode: "integration" | "production"; readonly url: string })[]; readonly intake?: { readonly tokens: readonly (string)[]; readonly urls: readonly (string)[]; readonly certificate?: { readonly fingerprint: string; readonly pin: string } }; readonly tells: readonly (string)[] };

export type ProfileRow = { readonly name: string; readonly kind: string; readonly maker: string; readonly model: string };

export type NearPeer = { readonly use: "destination" | "payments" | "camera" | "output"; readonly name: string; readonly shown: string; readonly sha256: string; readonly why: "unconfirmed" | "byUpdate" | "moved" };

export type AcceptanceSheet = { readonly lane: string; readonly laneName: string; readonly direction: string; readonly parkUuid: string; readonly version: string; readonly evidenceKey?: string; readonly cloudMode: string; readonly points: readonly (SheetPoint)[]; readonly learned: readonly ({ readonly atWallMs: number; readonly role: string; readonly device: string; readonly point: string; readonly activeLow: boolean })[]; readonly unproven: readonly ({ readonly device: string; readonly what: readonly (Text)[] })[]; readonly can: readonly (Text)[]; readonly limits: readonly (Text)[]; readonly scan?: { readonly atWallMs: number; readonly port: string; readonly found: readonly ({ readonly unit: number; readonly baudRate: number; readonly parity: string; readonly answers: Text; readonly device?: string; readonly profiles: readonly (string)[]; readonly unproven?: { readonly [name: string]: readonly ({ readonly code: string; readonly text: Text })[] } })[] }; readonly snapshot?: { readonly atWallMs: number; readonly camera: string; readonly bytes: number; readonly tookMs: number; readonly width?: number; readonly height?: number; readonly confirmed?: { readonly sha256: string; readonly by: string; readonly at: string } }; readonly told?: ReceivedRow; readonly rehearsal?: SheetRehearsal; readonly notes: SheetNotes; readonly acceptedWallMs?: number; readonly maintenance?: true; readonly reporting: ReportingView };

export type SheetPoint = { readonly role: string; readonly device: string; readonly point: string; readonly activeLow: boolean; readonly testedWallMs?: number; readonly confirmed?: { readonly wallMs: number; readonly seenAs?: string } };

export type WiredPoint = { readonly role: string; readonly device: string; readonly point: string; readonly activeLow: boolean };

export type SheetRehearsal = { readonly atWallMs: number; readonly status?: number; readonly code?: string; readonly seqno?: string; readonly ok: boolean; readonly serial: string };

export type SheetNotes = { readonly installer?: string; readonly site?: string; readonly remarks?: string };

export type SheetWords = { readonly installer?: string; readonly site?: string; readonly remarks?: string; readonly told?: ReceivedRow; readonly forget?: string; readonly taught?: readonly (WiredPoint)[]; readonly confirmed?: boolean; readonly accepted?: boolean };

export type TokenRow = { readonly name: string; readonly scopes: readonly (TokenScope)[]; readonly of: "page" | "config"; readonly createdWallMs?: number; readonly by?: string; readonly untilWallMs?: number; readonly lastUsedWallMs?: number };

export type TokenScope = "grants" | "read" | "metrics" | "act";

export type NewToken = { readonly token: string; readonly tokens: readonly (TokenRow)[] };

export type Health = { readonly status: "ok" };

export type Readiness = { readonly status: "ok" | "degraded" | "unready"; readonly unkept?: number; readonly paused?: true };

export type RetriedCount = { readonly count: number };

export type MarkedRecords = { readonly marked: readonly (number)[] };

export type ReasonList = { readonly reasons: readonly (string)[] };

export type HistoryYaml = { readonly yaml: string };

export type EditedYaml = { readonly yaml: string; readonly value: unknown };

export type Nothing = { readonly [name: string]: unknown };

export type PassedOn = ({ readonly event: "log"; readonly data: LogRow } | { readonly event: "job"; readonly data: Job } | { readonly event: "reading"; readonly data: SignalReading } | { readonly event: "wire"; readonly data: WireFrame } | { readonly event: "told"; readonly data: ReceivedRow });

export type WireFrame = { readonly line: string; readonly atWallMs: number; readonly direction: "out" | "in"; readonly hex: string; readonly meaning?: Text };

export type StatusMembers = { readonly atWallMs: number; readonly parkUuid: string; readonly headline: BoxComplaint; readonly complaints: readonly (BoxComplaint)[]; readonly clock: ClockLive; readonly disk: DiskLive; readonly backup?: BackupLive; readonly destinations?: readonly (DestinationRow)[]; readonly today?: TodayBrief; readonly config: { readonly state: "new" | "good" | "broken" | "reverted" | "trial"; readonly faults: number }; readonly waiting?: WaitingChange };

export type StatusChange = ChangedStatusMembers;

export type ChangedStatusMembers = { readonly atWallMs?: number | null; readonly parkUuid?: string | null; readonly headline?: (BoxComplaint | null); readonly complaints?: (readonly (BoxComplaint)[] | null); readonly clock?: (ClockLive | null); readonly disk?: (DiskLive | null); readonly backup?: (BackupLive | null); readonly destinations?: (readonly (DestinationRow)[] | null); readonly today?: (TodayBrief | null); readonly config?: ({ readonly state: "new" | "good" | "broken" | "reverted" | "trial"; readonly faults: number } | null); readonly waiting?: (WaitingChange | null) };

export type LiveEvent = ({ readonly event: "overview"; readonly data: Overview } | { readonly event: "status"; readonly data: StatusChange } | { readonly event: "lane"; readonly data: { readonly id: string | null; readonly name?: string | null; readonly direction?: "entry" | "exit" | "both" | null; readonly arm?: ("closed" | "opening" | "open" | "closing" | "unknown" | "fault" | null); readonly armForMs?: number | null; readonly levels?: ({ readonly [name: string]: boolean | null } | null); readonly occupiedForMs?: ({ readonly [name: string]: number } | null); readonly degraded?: (readonly (string)[] | null); readonly modes?: (readonly (string)[] | null); readonly maintenance?: ({ readonly untilWallMs?: number; readonly reason?: string } | null); readonly alarms?: (readonly ({ readonly code: string; readonly text: Text; readonly details?: Text })[] | null); readonly hiddenViews?: (readonly ({ readonly camera: string; readonly why: "cameraCovered" | "cameraFrozen" })[] | null); readonly openingForMs?: number | null; readonly granted?: boolean | null; readonly bodies?: number | null; readonly passages?: number | null; readonly lastPlate?: ({ readonly text: string; readonly color?: string; readonly atWallMs: number } | null); readonly lastRelease?: (ReleaseListRow | null); readonly lastGap?: ({ readonly fromWallMs: number; readonly toWallMs: number; readonly what: Text } | null); readonly camera?: string | null; readonly second?: ({ readonly camera: string; readonly looks: "front" | "rear" } | null); readonly reporting?: (ReportingView | null); readonly joinedPulses?: ({ readonly pulses: number; readonly joined: number } | null) } } | { readonly event: "device"; readonly data: { readonly id: (string | null); readonly kind?: "line" | "device" | "gpio" | "camera" | null; readonly port?: (string | null); readonly state?: "ok" | "down" | "unknown" | null; readonly downForMs?: (number | null); readonly lastFault?: (Text | null); readonly unproven?: (readonly ({ readonly code: string; readonly text: Text })[] | null); readonly roundMs?: number | null; readonly turnaroundMs?: number | null; readonly wireShare?: number | null; readonly faults?: number | null } } | { readonly event: "queue"; readonly data: ChangedQueueBrief } | { readonly event: "release"; readonly data: { readonly id: number | null; readonly laneId: string | null; readonly serial?: string | null; readonly laneName?: string | null; readonly releaseWallMs?: number | null; readonly method?: string | null; readonly desc?: (Text | null); readonly reason?: (Text | null); readonly confidence?: string | null; readonly score?: (number | null); readonly plate?: string | null; readonly plateColor?: string | null; readonly state?: (RecordState | null); readonly picture?: "pending" | "attached" | "none" | null; readonly attempts?: number | null; readonly lastWhy?: (Text | null); readonly seqno?: string | null; readonly timeQuality?: ("synced" | "corrected" | "manual" | "estimated" | "unknown" | null); readonly waits?: (Text | null); readonly nextTryInMs?: number | null; readonly deliveredWallMs?: number | null; readonly operator?: (string | null); readonly operatorBy?: "command" | "message" | "pin" | "roster" | null; readonly owed?: ({ readonly by: "told" | "tariff"; readonly amount: number; readonly wallMs: number } | null); readonly mark?: (MarkRow | null); readonly answer?: (MarkRow | null); readonly beside?: (readonly ("before" | "after" | "second")[] | null); readonly wishedAway?: ({ readonly who: string; readonly why: string; readonly atWallMs: number } | null) } } | PassedOn);

export type ChangedLaneLive = { readonly id?: string | null; readonly name?: string | null; readonly direction?: "entry" | "exit" | "both" | null; readonly arm?: ("closed" | "opening" | "open" | "closing" | "unknown" | "fault" | null); readonly armForMs?: number | null; readonly levels?: ({ readonly [name: string]: boolean | null } | null); readonly occupiedForMs?: ({ readonly [name: string]: number } | null); readonly degraded?: (readonly (string)[] | null); readonly modes?: (readonly (string)[] | null); readonly maintenance?: ({ readonly untilWallMs?: number; readonly reason?: string } | null); readonly alarms?: (readonly ({ readonly code: string; readonly text: Text; readonly details?: Text })[] | null); readonly hiddenViews?: (readonly ({ readonly camera: string; readonly why: "cameraCovered" | "cameraFrozen" })[] | null); readonly openingForMs?: number | null; readonly granted?: boolean | null; readonly bodies?: number | null; readonly passages?: number | null; readonly lastPlate?: ({ readonly text: string; readonly color?: string; readonly atWallMs: number } | null); readonly lastRelease?: (ReleaseListRow | null); readonly lastGap?: ({ readonly fromWallMs: number; readonly toWallMs: number; readonly what: Text } | null); readonly camera?: string | null; readonly second?: ({ readonly camera: string; readonly looks: "front" | "rear" } | null); readonly reporting?: (ReportingView | null); readonly joinedPulses?: ({ readonly pulses: number; readonly joined: number } | null) };

export type ChangedDeviceLive = { readonly id?: (string | null); readonly kind?: "line" | "device" | "gpio" | "camera" | null; readonly port?: (string | null); readonly state?: "ok" | "down" | "unknown" | null; readonly downForMs?: (number | null); readonly lastFault?: (Text | null); readonly unproven?: (readonly ({ readonly code: string; readonly text: Text })[] | null); readonly roundMs?: number | null; readonly turnaroundMs?: number | null; readonly wireShare?: number | null; readonly faults?: number | null };

export type ChangedQueueBrief = { readonly waiting?: number | null; readonly held?: number | null; readonly parked?: number | null; readonly review?: number | null; readonly kept?: (number | null); readonly delivered?: number | null; readonly oldestForMs?: (number | null); readonly nextTryInMs?: number | null; readonly uploader?: ("working" | "idle" | "offline" | "paused" | "refused" | null); readonly offlineForMs?: number | null; readonly paused?: ({ readonly who: string; readonly untilWallMs: number } | null); readonly why?: (Text | null); readonly detail?: (string | null) };

export type ChangedReleaseListRow = { readonly id?: number | null; readonly serial?: string | null; readonly laneId?: string | null; readonly laneName?: string | null; readonly releaseWallMs?: number | null; readonly method?: string | null; readonly desc?: (Text | null); readonly reason?: (Text | null); readonly confidence?: string | null; readonly score?: (number | null); readonly plate?: string | null; readonly plateColor?: string | null; readonly state?: (RecordState | null); readonly picture?: "pending" | "attached" | "none" | null; readonly attempts?: number | null; readonly lastWhy?: (Text | null); readonly seqno?: string | null; readonly timeQuality?: ("synced" | "corrected" | "manual" | "estimated" | "unknown" | null); readonly waits?: (Text | null); readonly nextTryInMs?: number | null; readonly deliveredWallMs?: number | null; readonly operator?: (string | null); readonly operatorBy?: "command" | "message" | "pin" | "roster" | null; readonly owed?: ({ readonly by: "told" | "tariff"; readonly amount: number; readonly wallMs: number } | null); readonly mark?: (MarkRow | null); readonly answer?: (MarkRow | null); readonly beside?: (readonly ("before" | "after" | "second")[] | null); readonly wishedAway?: ({ readonly who: string; readonly why: string; readonly atWallMs: number } | null) };

export type ClockView = { readonly quality: "synced" | "corrected" | "manual" | "estimated" | "unknown"; readonly errorMs?: number; readonly wallMs: number; readonly nowMs: number; readonly cannot?: Text };

export type PhoneTime = { readonly nowMs: number; readonly wallMs: number; readonly roundTripMs: number };

export type Release = { readonly id: string; readonly record?: number; readonly lane: string; readonly name: string; readonly time: string; readonly timeQuality: string; readonly state?: string; readonly method: number; readonly methodDesc: string; readonly cause?: string; readonly verdict: string; readonly plate: string | null; readonly passed: boolean; readonly confidence: "possible" | "likely" | "sure"; readonly operator: string | null; readonly reason: string; readonly reported: boolean; readonly withdrawn: boolean; readonly evidence?: { readonly chain: string; readonly row: number; readonly digest: string }; readonly picture?: ({ readonly contentType: string; readonly base64: string } | null); readonly number?: MessageNumber; readonly signature?: string };

export type ReleasePage = { readonly items: readonly (Release)[]; readonly next?: number; readonly total: number; readonly more?: boolean };

export type ReleaseEvent = { readonly specversion: string; readonly id: string; readonly source: string; readonly type: string; readonly subject?: string; readonly time: string; readonly datacontenttype: string; readonly data: Release };

export type Report = { readonly id: number; readonly lane?: string; readonly kind: string; readonly from: string; readonly to: (string | null); readonly text: { readonly zh: string; readonly en: string }; readonly number?: MessageNumber; readonly signature?: string };

export type ReportEvent = { readonly specversion: string; readonly id: string; readonly source: string; readonly type: string; readonly subject?: string; readonly time: string; readonly datacontenttype: string; readonly data: Report };

export type Gap = { readonly gap: { readonly why: "deleted" | "limit"; readonly facts: number }; readonly number?: MessageNumber; readonly signature?: string };

export type MessageNumber = { readonly box: string; readonly series: string; readonly destination: string; readonly n: number };

export type Status = { readonly status: string; readonly version?: string; readonly lanes?: readonly (string)[]; readonly since?: string; readonly disk?: string; readonly evidence?: { readonly chain: string; readonly last: number; readonly head: string; readonly wallMs: number; readonly key: string; readonly signature: string }; readonly signature?: string; readonly numbers?: { readonly series: string; readonly first: number; readonly last: number } };

export type Heartbeat = { readonly box: string; readonly at: string; readonly version: string; readonly config: string; readonly upSeconds: number; readonly evidence?: { readonly chain: string; readonly last: number; readonly head: string; readonly wallMs: number; readonly key: string; readonly signature: string }; readonly waiting?: number; readonly oldestSeconds?: number | null; readonly blindSecondsToday?: number; readonly diskDaysLeft?: number | null };

export type HeartbeatEvent = { readonly specversion: string; readonly id: string; readonly source: string; readonly type: string; readonly subject?: string; readonly time: string; readonly datacontenttype: string; readonly data: Heartbeat };

export type State = { readonly lane: string; readonly name: string; readonly arm: string; readonly bodies: number; readonly plate: string | null; readonly loops: { readonly [name: string]: boolean | null }; readonly opening: ({ readonly granted: boolean } | null); readonly degraded: readonly (string)[]; readonly modes: readonly (string)[]; readonly alarms: readonly (string)[]; readonly causes?: { readonly [name: string]: string }; readonly reporting: { readonly earned: string | null; readonly by?: string; readonly missing: readonly ({ readonly way: string; readonly have: number; readonly need: number; readonly wordMissing?: boolean })[] } };

export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly code: "setup" | "unauthorized" | "wrongPassword" | "wrongCode" | "weakPassword" | "wrongPin" | "pinToChange" | "weakPin" | "forbidden" | "otherLane" | "foreign" | "plainHttp" | "notTheCamera" | "tooManyRequests" | "notFound" | "methodNotAllowed" | "mediaType" | "tooLarge" | "lengthRequired" | "malformed" | "slow" | "encoding" | "json" | "invalid" | "conflict" | "busy" | "unavailable" | "full" | "broken"; readonly detail: string; readonly errors?: readonly ({ readonly field: string; readonly message: string })[] };

/** Answers of GET, by path. */
export interface Answers {
  '/api/v1/session': SessionInfo;
  '/api/v1/overview': Overview;
  '/api/v1/releases/{id}/timeline': Timeline;
  '/api/v1/queue': QueueView;
  '/api/v1/intake': IntakeView;
  '/api/v1/pushes': PushesView;
  '/api/v1/pushes/{push}/capture': { readonly [name: string]: unknown };
  '/api/v1/observations': ObservationList;
  '/api/v1/evidence': EvidenceView;
  '/api/v1/account': DaySheetView;
  '/api/v1/account/month': MonthSheetView;
  '/api/v1/payments': PaymentSheetView;
  '/api/v1/payments/{payment}': PaymentFateView;
  '/api/v1/signals': SignalsView;
  '/api/v1/releases': ReleaseList;
  '/api/v1/releases/{id}': ReleaseDetail;
  '/api/v2/releases': ReleasePage;
  '/api/v2/releases/{record}': Release;
  '/api/v1/demo': DemoFaults;
  '/api/v1/releases/{id}/review': ReviewView;
  '/api/v1/review/reasons': ReasonList;
  '/api/v1/duty': DutyView;
  '/api/v1/config': ConfigView;
  '/api/v1/config/history': readonly (HistoryRow)[];
  '/api/v1/config/history/{id}': HistoryYaml;
  '/api/v1/jobs': readonly (Job)[];
  '/api/v1/jobs/{id}': Job;
  '/api/v1/ports': readonly (PortRow)[];
  '/api/v1/commissioning': CommissioningChoices;
  '/api/v1/commissioning/{lane}': AcceptanceSheet;
  '/api/v1/update': UpdateView;
  '/api/v1/provision': ProvisionView;
  '/api/v1/clock': ClockView;
  '/api/v1/users': readonly (UserRow)[];
  '/api/v1/log': readonly (LogRow)[];
  '/api/v1/audit': readonly (AuditRow)[];
  '/api/v1/about': About;
  '/api/v1/label': LabelView;
  '/healthz': Health;
  '/readyz': Readiness;
  '/api/v1/tokens': readonly (TokenRow)[];
  '/api/openapi.json': { readonly [name: string]: unknown };
}

/** Asks the box for this path; resolves to the body of a 2xx. */
export type Ask = (path: string) => Promise<unknown>;

export async function get<P extends keyof Answers>(
  ask: Ask,
  path: P,
  named: Readonly<Record<string, string | number>> = {},
): Promise<Answers[P]> {
  return (await ask(path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named[name] ?? name)))) as Answers[P];
}
