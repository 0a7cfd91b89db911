"""Words that generated notes are composed of: invented, plain, and enough of them to make rare words too."""

from __future__ import annotations

from cop.core.types import Lang

#: What a slot of a sentence or title may hold. Each list goes with its slot's name.
SLOTS: dict[Lang, dict[str, tuple[str, ...]]] = {
    Lang.ZH: {
        "who": (
            "社区居委会", "街道办事处", "居民小组", "志愿者队", "业主委员会", "老年协会", "学校社工",
            "合作社", "妇女小组", "残疾人家庭", "外来务工者", "青年骨干", "村委会", "物业公司",
            "社工站", "卫生服务中心", "基金会项目官员", "高校研究团队", "退休教师", "网格员",
        ),
        "where": (
            "老旧小区", "城中村", "安置小区", "山区村庄", "胡同院落", "工业园宿舍", "滨河社区", "茶园",
            "渔村", "牧区", "新建楼盘", "棚户区", "县城中学", "菜市场", "单位大院", "侗寨", "盐田", "矿区",
        ),
        "what": (
            "停车位", "垃圾分类", "电梯加装", "公共厨房", "夜间照明", "空巢老人陪伴", "课后托管", "雨水花园",
            "口述史", "流动图书车", "遛狗纠纷", "水源保护", "残障出行", "工伤互助", "种子保存", "楼道堆物",
            "儿童议事", "临终关怀", "广场舞噪音", "旧衣回收", "社区食堂", "屋顶菜园", "防火演练", "健康档案",
        ),
        "how": (
            "开放空间会议", "三轮入户走访", "逐户商量", "先试一个单元", "请一把手到场", "共同写规则", "分组讨论",
            "一张大地图", "抽签分工", "公开账本", "每月一次茶话会", "让居民当主持", "换位参观", "把分歧写在墙上",
        ),
        "feeling": ("意外", "吃力", "踏实", "尴尬", "热闹", "缓慢", "顺利", "反复", "冷清", "坦率"),
    },
    Lang.EN: {
        "who": (
            "residents' committee", "sub-district office", "street captains", "volunteer team",
            "homeowners", "elders' association", "school social workers", "cooperative",
            "women's circle", "families of disabled children", "migrant workers", "village council",
            "property manager", "clinic staff", "foundation officers", "university researchers",
            "retired teachers", "wardens", "youth leaders", "local entrepreneurs",
        ),
        "where": (
            "an ageing compound", "an urban village", "a resettlement estate", "a mountain hamlet",
            "courtyard lanes", "factory dormitories", "a riverside block", "a tea valley",
            "a fishing port", "the grasslands", "a new high-rise", "a shanty quarter",
            "a county school", "the wet market", "a work-unit yard", "a mining town",
        ),
        "what": (
            "parking", "waste sorting", "lift retrofits", "a shared kitchen", "night lighting",
            "visits to lonely elders", "after-school care", "a rain garden", "oral history",
            "a travelling library", "quarrels over dogs", "a drinking water source",
            "wheelchair routes", "injury mutual aid", "seed saving", "cluttered stairwells",
            "a children's council", "hospice visits", "square-dance noise", "clothes recycling",
            "a canteen", "rooftop vegetables", "fire drills", "health records",
        ),
        "how": (
            "an open space meeting", "three rounds of home visits", "household by household talks",
            "a trial in one stairwell", "inviting the leader in charge", "rules written together",
            "small groups", "one large map", "drawing lots", "an open ledger", "a monthly tea",
            "letting residents chair", "exchange visits", "disagreements pinned to the wall",
        ),
        "feeling": (
            "surprising", "exhausting", "steady", "awkward", "lively", "slow", "smooth", "tangled",
            "quiet", "frank",
        ),
    },
}  # fmt: skip

#: Sentences with slots; `num` is a number.
SENTENCES: dict[Lang, tuple[str, ...]] = {
    Lang.ZH: (
        "起初{who}并不相信{what}能靠{how}解决，有人当面说这太{feeling}了。",
        "我们在{where}用{how}谈{what}，一共来了{num}个人，比预想的多。",
        "到第{num}周，{who}主动提出接手{what}，并请我们退到旁边。",
        "讨论{what}时，{who}和物业各执一词，会开得很{feeling}。",
        "关于{what}的记录留在{where}，谁都可以翻看，{who}每月补一次。",
        "经费只有{num}元，所以我们放弃了原来的打算，改用{how}。",
        "**教训**：没有{who}点头，{what}走不远；有了点头而没有居民，也走不远。",
        "后来换了负责人，{what}停了{num}个月，靠{how}才重新开始。",
    ),
    Lang.EN: (
        "At first the {who} did not believe that {how} could settle {what}; somebody called it {feeling}.",
        "We used {how} in {where} to talk about {what}, and {num} people came, more than we had expected.",
        "By week {num} the {who} offered to take over {what} and asked us to step aside.",
        "Talking about {what} put the {who} against the managers, and the meeting was {feeling}.",
        "The record on {what} stays in {where} for anyone to read, and the {who} add to it monthly.",
        "There were only {num} yuan, so we gave up the first idea and turned to {how}.",
        "**Lesson**: without a nod from the {who}, {what} does not go far; with it but without residents, neither.",
        "When the person in charge changed, {what} stopped for {num} months until {how} began it again.",
    ),
}

TITLES: dict[Lang, tuple[str, ...]] = {
    Lang.ZH: (
        "{where}的{what}：{how}的{num}天", "{who}怎么谈{what}", "用{how}解决{what}：{where}的第{num}次尝试",
        "{what}为什么停在了第{num}步", "{who}和我们：{where}{what}始末",
    ),
    Lang.EN: (
        "{what} in {where}: {num} days of {how}", "How the {who} came to talk about {what}",
        "{how} for {what}: attempt {num} in {where}", "Why {what} stopped at step {num}",
        "The {who} and us: {what} in {where}",
    ),
}  # fmt: skip

REASONS: dict[Lang, tuple[str, ...]] = {
    Lang.ZH: (
        "{who}后来自己把{what}接了过去。", "{what}有了起色，但{who}退出了。", "{how}没有换来{who}的支持。",
        "{what}才做了{num}个月，还看不出结果。", "过程{feeling}，{where}的居民仍在继续。",
    ),
    Lang.EN: (
        "The {who} took {what} over in the end.", "{what} improved, but the {who} left.",
        "{how} did not win the {who}.", "{num} months of {what} are too few to tell.",
        "It was {feeling}, and people in {where} still go on.",
    ),
}  # fmt: skip
